//! How a value is shown to somebody who may know that it is there but not what it is.
//!
//! A mask works on characters, never bytes (a Hangul syllable is three), and always has the same
//! length, so that it does not tell how long the value is.

/// The stand-in for everything that is hidden.
const HIDDEN: &str = "•••••";

/// Shows the first character of a value and hides the rest, including how long it is.
///
/// Values of fewer than four characters are hidden completely: their first character would be too
/// large a part of them.
pub fn mask(value: &str) -> String {
    let mut characters = value.chars();
    match (characters.next(), characters.nth(2)) {
        (Some(first), Some(_)) => format!("{first}{HIDDEN}"),
        _ => HIDDEN.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hangul_is_masked_by_characters() {
        assert_eq!(mask("푸른고래"), "푸•••••");
        assert_eq!(mask("김민지"), "•••••");
        assert_eq!(mask(""), "•••••");
    }

    proptest! {
        #[test]
        fn a_mask_never_tells_the_length(value in ".{4,60}") {
            prop_assert_eq!(mask(&value).chars().count(), 6);
        }
    }
}
