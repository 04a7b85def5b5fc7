//! Frames between a command and the server: a kind, a length, that many bytes.
//!
//! The request is a row of frames that ends with [`Kind::Go`]. From then on only the server speaks,
//! and the command answers what it is asked: a piece of standard input, or a secret. So neither side
//! ever waits for the other while the other waits for it.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::PathBuf;

use doldam_ground::Pii;

/// Longest frame, in bytes: twice the longest argument that Linux hands to a program.
pub(super) const FRAME_BYTES_MAX: usize = 256 << 10;
/// Most arguments of a command.
const ARGUMENTS_MAX: usize = 4_096;
/// Longest request, in bytes: what Linux hands to a program altogether.
const REQUEST_BYTES_MAX: usize = 2 << 20;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// To the server: the version of the program.
    Version = 1,
    /// To the server: one argument, the program's name first.
    Argument = 2,
    /// To the server: the folder in which the command was typed.
    Place = 3,
    /// To the server: the account of the operating system, for the access log.
    Account = 4,
    /// To the server: the member of staff as whom the command is run.
    Staff = 5,
    /// To the server: that member's secret.
    Secret = 6,
    /// To the server: what the terminal is like.
    Terminal = 7,
    /// To the server: the request is whole.
    Go = 8,
    /// To the server: a piece of standard input; an empty one is its end.
    Input = 9,
    /// To the server: what was typed.
    Answer = 10,
    /// To the server: nothing could be read or typed.
    NoAnswer = 11,
    /// From the server: data for standard output.
    Out = 21,
    /// From the server: talk for standard error.
    Talk = 22,
    /// From the server: send a piece of standard input.
    WantInput = 23,
    /// From the server: ask for a secret with this prompt.
    WantSecret = 24,
    /// From the server: the command has ended with this exit code.
    End = 25,
}

impl Kind {
    const ALL: [Self; 16] = [
        Self::Version,
        Self::Argument,
        Self::Place,
        Self::Account,
        Self::Staff,
        Self::Secret,
        Self::Terminal,
        Self::Go,
        Self::Input,
        Self::Answer,
        Self::NoAnswer,
        Self::Out,
        Self::Talk,
        Self::WantInput,
        Self::WantSecret,
        Self::End,
    ];
}

/// A frame. It has no `Debug`: its bytes may be somebody's data.
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
}

/// Writes a frame, or several of the same kind when there is more than one can hold.
pub(super) fn write(stream: &mut impl Write, kind: Kind, bytes: &[u8]) -> io::Result<()> {
    let mut rest = bytes;
    loop {
        let (now, later) = rest.split_at(rest.len().min(FRAME_BYTES_MAX));
        let length = u32::try_from(now.len()).expect("a frame is short");
        let mut frame = Vec::with_capacity(5 + now.len());
        frame.push(kind as u8);
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(now);
        stream.write_all(&frame)?;
        rest = later;
        if rest.is_empty() {
            return Ok(());
        }
    }
}

/// Reads a frame. [`ErrorKind::InvalidData`] for one of no known kind, or that is too long.
pub(super) fn read(stream: &mut impl Read) -> io::Result<Frame> {
    let mut head = [0; 5];
    stream.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let kind = Kind::ALL.into_iter().find(|known| *known as u8 == kind);
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    let Some(kind) = kind.filter(|_| length <= FRAME_BYTES_MAX) else {
        return Err(ErrorKind::InvalidData.into());
    };
    let mut bytes = vec![0; length];
    stream.read_exact(&mut bytes)?;
    Ok(Frame { kind, bytes })
}

/// What the caller's terminal is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Terminal {
    /// Whether somebody can be asked.
    pub(super) can_ask: bool,
    /// Whether standard error may be drawn on.
    pub(super) may_draw: bool,
    /// Columns of standard error.
    pub(super) width: u16,
}

/// What is asked of the server. It has no `Debug`: arguments may be somebody's data.
#[derive(Default)]
pub(super) struct Request {
    /// The version of the program that asks.
    pub(super) version: String,
    /// The command line, the program's name first.
    pub(super) arguments: Vec<OsString>,
    /// The folder in which it was typed.
    pub(super) place: PathBuf,
    /// The account of the operating system.
    pub(super) account: String,
    /// The member of staff as whom it is run.
    pub(super) staff: Option<String>,
    /// That member's secret.
    pub(super) secret: Option<Pii<String>>,
    /// What the terminal is like.
    pub(super) terminal: Terminal,
}

impl Request {
    /// Sends it.
    pub(super) fn send(&self, stream: &mut impl Write) -> io::Result<()> {
        write(stream, Kind::Version, self.version.as_bytes())?;
        for argument in &self.arguments {
            if argument.len() > FRAME_BYTES_MAX {
                return Err(ErrorKind::InvalidInput.into());
            }
            write(stream, Kind::Argument, argument.as_bytes())?;
        }
        write(stream, Kind::Place, self.place.as_os_str().as_bytes())?;
        write(stream, Kind::Account, self.account.as_bytes())?;
        if let Some(staff) = &self.staff {
            write(stream, Kind::Staff, staff.as_bytes())?;
        }
        if let Some(secret) = &self.secret {
            write(stream, Kind::Secret, secret.expose().as_bytes())?;
        }
        let Terminal { can_ask, may_draw, width } = self.terminal;
        let [high, low] = width.to_be_bytes();
        write(stream, Kind::Terminal, &[can_ask.into(), may_draw.into(), high, low])?;
        write(stream, Kind::Go, &[])
    }

    /// Reads one. [`ErrorKind::InvalidData`] for what is none, or is too large.
    pub(super) fn receive(stream: &mut impl Read) -> io::Result<Self> {
        let mut request = Self::default();
        let mut total = 0;
        loop {
            let Frame { kind, bytes } = read(stream)?;
            total += bytes.len();
            if total > REQUEST_BYTES_MAX || request.arguments.len() > ARGUMENTS_MAX {
                return Err(ErrorKind::InvalidData.into());
            }
            match kind {
                Kind::Version => request.version = text(bytes)?,
                Kind::Argument => request.arguments.push(OsString::from_vec(bytes)),
                Kind::Place => request.place = OsString::from_vec(bytes).into(),
                Kind::Account => request.account = text(bytes)?,
                Kind::Staff => request.staff = Some(text(bytes)?),
                Kind::Secret => request.secret = Some(Pii::new(text(bytes)?)),
                Kind::Terminal => request.terminal = terminal(&bytes)?,
                Kind::Go => return Ok(request),
                _ => return Err(ErrorKind::InvalidData.into()),
            }
        }
    }
}

/// The text of a frame.
pub(super) fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|_| ErrorKind::InvalidData.into())
}

fn terminal(bytes: &[u8]) -> io::Result<Terminal> {
    let [can_ask, may_draw, high, low] = *bytes else {
        return Err(ErrorKind::InvalidData.into());
    };
    let width = u16::from_be_bytes([high, low]);
    Ok(Terminal { can_ask: can_ask == 1, may_draw: may_draw == 1, width })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    use proptest::collection::vec;
    use proptest::prelude::*;

    fn request() -> Request {
        Request {
            version: "1.2.3".to_owned(),
            arguments: vec!["doldam".into(), OsString::from_vec(vec![0xff, b'x']), "".into()],
            place: PathBuf::from("/somewhere"),
            account: "tester".to_owned(),
            staff: Some("minji".to_owned()),
            secret: Some(Pii::new("a long secret".to_owned())),
            terminal: Terminal { can_ask: true, may_draw: false, width: 317 },
        }
    }

    #[test]
    fn a_request_arrives_as_it_was_sent() {
        let mut bytes = Vec::new();
        request().send(&mut bytes).unwrap();
        let came = Request::receive(&mut bytes.as_slice()).unwrap();
        assert_eq!(came.arguments, request().arguments);
        assert_eq!(
            (came.place.as_path(), came.terminal),
            (Path::new("/somewhere"), request().terminal)
        );
        assert_eq!((came.staff.as_deref(), came.account.as_str()), (Some("minji"), "tester"));
        assert_eq!(came.secret.unwrap().expose(), "a long secret");
        for end in 0..bytes.len() {
            assert!(Request::receive(&mut &bytes[..end]).is_err(), "half a request is none");
        }
    }

    #[test]
    fn much_data_goes_in_several_frames() {
        let data: Vec<u8> = (0..=255).cycle().take(3 * FRAME_BYTES_MAX + 7).collect();
        let mut bytes = Vec::new();
        write(&mut bytes, Kind::Out, &data).unwrap();
        let (mut stream, mut came) = (bytes.as_slice(), Vec::new());
        while let Ok(frame) = read(&mut stream) {
            assert!(frame.kind == Kind::Out && frame.bytes.len() <= FRAME_BYTES_MAX);
            came.extend(frame.bytes);
        }
        assert!(came == data && stream.is_empty());
    }

    #[test]
    fn what_is_too_large_is_refused_before_it_is_held() {
        let mut bytes = vec![Kind::Argument as u8];
        bytes.extend_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(read(&mut bytes.as_slice()).err().unwrap().kind(), ErrorKind::InvalidData);
        let mut many = Vec::new();
        for _ in 0..=ARGUMENTS_MAX + 1 {
            write(&mut many, Kind::Argument, b"x").unwrap();
        }
        write(&mut many, Kind::Go, &[]).unwrap();
        assert!(Request::receive(&mut many.as_slice()).is_err());
        let mut large = Vec::new();
        for _ in 0..=REQUEST_BYTES_MAX / FRAME_BYTES_MAX {
            write(&mut large, Kind::Argument, &vec![b'x'; FRAME_BYTES_MAX]).unwrap();
        }
        write(&mut large, Kind::Go, &[]).unwrap();
        assert!(Request::receive(&mut large.as_slice()).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_a_request_or_an_error(
            frames in vec((0_u8..30, vec(any::<u8>(), 0..40)), 0..20),
            tail in vec(any::<u8>(), 0..12),
        ) {
            let mut bytes = Vec::new();
            for (kind, body) in frames {
                bytes.push(kind);
                bytes.extend_from_slice(&u32::try_from(body.len()).unwrap().to_be_bytes());
                bytes.extend_from_slice(&body);
            }
            bytes.extend_from_slice(&tail);
            let _ = Request::receive(&mut bytes.as_slice());
        }
    }
}
