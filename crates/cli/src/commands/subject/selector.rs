//! Which subject is meant: `KIND=VALUE`, `KIND=@FILE`, or `KIND=-` for standard input.

use std::io::Read;
use std::path::Path;

use doldam_ground::limits::VALUE_BYTES_MAX;
use doldam_ground::{Kind, Pii};

use crate::errand::seat;
use crate::failure::failure;
use crate::secret;

/// Reads a selector and the value that it points at.
pub(crate) fn read(text: &str) -> anyhow::Result<(Kind, Pii<String>)> {
    let refused = || {
        failure(
            "the subject is to be named by a kind and a value",
            "write ci=-, and the value on standard input; or ci=@FILE; or customer_id=VALUE",
        )
    };
    let (kind, value) = text.split_once('=').ok_or_else(refused)?;
    let kind = Kind::from_header(kind).ok_or_else(refused)?;
    let value = match value {
        "-" => standard_input()?,
        value => match value.strip_prefix('@') {
            Some(path) => secret::read(Path::new(path))?,
            None => Pii::new(value.to_owned()),
        },
    };
    if value.expose().trim().is_empty() {
        return Err(refused());
    }
    Ok((kind, value))
}

/// The first line of standard input.
fn standard_input() -> anyhow::Result<Pii<String>> {
    let mut text = String::with_capacity(VALUE_BYTES_MAX);
    let read = seat::input().take(VALUE_BYTES_MAX as u64).read_to_string(&mut text);
    let text = Pii::new(text);
    read.map_err(|_| failure("standard input is not text", "give the value as UTF-8"))?;
    Ok(Pii::new(text.expose().lines().next().unwrap_or_default().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_a_kind_and_a_value() {
        let (kind, value) = read("별명=푸른고래").unwrap();
        assert_eq!((kind, value.expose().as_str()), (Kind::NICKNAME, "푸른고래"));
        for wrong in ["", "ci", "ci=", "hamster=1", "=1", "ci= "] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_value_can_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("value");
        std::fs::write(&path, "kim@example.com\n").unwrap();
        let (kind, value) = read(&format!("email=@{}", path.display())).unwrap();
        assert_eq!((kind, value.expose().as_str()), (Kind::EMAIL, "kim@example.com"));
    }
}
