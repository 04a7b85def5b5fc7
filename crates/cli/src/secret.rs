//! Passphrases and the secrets of staff: from a file, or asked for without an echo.
//!
//! Never from an argument: arguments stand in the process list and in the history of the shell.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use doldam_ground::{Entropy, Pii, entropy};
use doldam_vault::VaultError;
use doldam_vault::keyring::PASSPHRASE_CHARACTERS_MIN;
use zeroize::Zeroize;

pub(crate) use crate::errand::seat::{ask, can_ask};
use crate::failure::{failure, file_failure};

/// Largest file of a secret, in bytes.
const BYTES_MAX: u64 = 64 << 10;

/// Reads a secret from a file; the line end after it does not belong to it.
pub(crate) fn read(path: &Path) -> anyhow::Result<Pii<String>> {
    let failed = |error| file_failure("read", path, &error);
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(failed)?;
    file.take(BYTES_MAX + 1).read_to_end(&mut bytes).map_err(failed)?;
    let is_too_long = bytes.len() as u64 > BYTES_MAX;
    match String::from_utf8(bytes) {
        Ok(mut text) if !is_too_long && !text.trim().is_empty() => {
            let secret = Pii::new(text.trim_end_matches(['\r', '\n']).to_owned());
            text.zeroize();
            Ok(secret)
        }
        _ => Err(failure(
            format!("{} holds no secret: it is empty, too long or not text", path.display()),
            "write the secret into it as one line of UTF-8",
        )),
    }
}

/// A new secret: from the file, or asked for twice. Refuses a short one.
pub(crate) fn read_new(
    file: Option<&Path>,
    what: &'static str,
    flag: &'static str,
) -> anyhow::Result<Pii<String>> {
    let secret = match file {
        Some(path) => read(path)?,
        None if can_ask() => ask_twice(what)?,
        None => {
            return Err(failure(
                format!("there is no terminal to ask for the new {what}"),
                format!("give it in a file: {flag} FILE"),
            ));
        }
    };
    if secret.expose().chars().count() < PASSPHRASE_CHARACTERS_MIN {
        return Err(VaultError::PassphraseTooShort { least: PASSPHRASE_CHARACTERS_MIN }.into());
    }
    Ok(secret)
}

fn ask_twice(what: &str) -> anyhow::Result<Pii<String>> {
    let first = ask(&format!("New {what} (at least {PASSPHRASE_CHARACTERS_MIN} characters): "))?;
    let second = ask("The same again: ")?;
    if first.expose() == second.expose() {
        return Ok(first);
    }
    Err(failure("the two are not the same", "try again"))
}

/// A random secret of 160 bits as text, in groups that can be read out.
pub(crate) fn draw(source: &mut dyn Entropy) -> Pii<String> {
    let text = data_encoding::BASE32_NOPAD.encode(&entropy::bytes::<20>(source)).to_lowercase();
    let groups: Vec<&str> =
        (0..text.len()).step_by(8).map(|start| &text[start..start + 8]).collect();
    Pii::new(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn drawn_secrets_are_long_and_differ() {
        let (one, other) = (draw(&mut SystemEntropy), draw(&mut SystemEntropy));
        assert_eq!(one.expose().len(), 35);
        assert_ne!(one.expose(), other.expose());
    }

    #[test]
    fn a_secret_is_one_line_of_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "correct horse battery\r\n").unwrap();
        assert_eq!(read(&path).unwrap().expose(), "correct horse battery");
        for wrong in [&b""[..], b" \n", b"\xff\xfe\x00"] {
            std::fs::write(&path, wrong).unwrap();
            assert!(read(&path).is_err());
        }
        std::fs::write(&path, vec![b'a'; 70_000]).unwrap();
        assert!(read(&path).is_err());
        assert!(read(&folder.path().join("none")).is_err());
    }

    #[test]
    fn a_short_new_secret_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("secret");
        std::fs::write(&path, "fourteen chars").unwrap();
        assert!(read_new(Some(&path), "passphrase", "--new-passphrase-file").is_err());
        std::fs::write(&path, "fifteen chars ok").unwrap();
        assert!(read_new(Some(&path), "passphrase", "--new-passphrase-file").is_ok());
    }
}
