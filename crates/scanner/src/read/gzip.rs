//! Gzip: one file, or several one after the other (RFC 1952).

use std::io::Read;

use flate2::read::MultiGzDecoder;

/// The name of what is inside a gzip file of this name.
pub(crate) fn label(name: &str) -> String {
    let base = name.rsplit(['/', ':']).next().unwrap_or(name);
    let ends_in = |ending: &str| {
        let start = base.len().checked_sub(ending.len()).filter(|start| *start > 0)?;
        base.get(start..)?.eq_ignore_ascii_case(ending).then(|| &base[..start])
    };
    match (ends_in(".gz"), ends_in(".tgz")) {
        (Some(stem), _) => stem.to_owned(),
        (_, Some(stem)) => format!("{stem}.tar"),
        _ => "content".to_owned(),
    }
}

/// Unpacks while reading.
pub(crate) fn open<R: Read>(read: R) -> MultiGzDecoder<R> {
    MultiGzDecoder::new(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inside_is_named_after_the_outside() {
        assert_eq!(label("a.csv.gz"), "a.csv");
        assert_eq!(label("old/a.TGZ"), "a.tar");
        assert_eq!(label("0123456789ab:a.csv.GZ"), "a.csv");
        assert_eq!(label("dump"), "content");
        assert_eq!(label(".gz"), "content");
        assert_eq!(label("가.gz"), "가");
    }
}
