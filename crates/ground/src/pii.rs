//! Personal data that cannot be printed, serialised or logged.
//!
//! [`Pii<T>`] has no `Display`, no `Serialize`, no `Clone` by accident and a `Debug` that says only
//! that something is there. Reading it takes a call of [`Pii::expose`], which a reviewer can search
//! for. The compile-fail tests in `tests/must_not_compile` prove the absence of the rest.

use std::fmt;

use zeroize::Zeroize;

/// A piece of personal data, or a secret, wiped from memory when dropped.
///
/// `T` is the plain value (usually `String` or `Vec<u8>`). There is deliberately no `PartialEq`:
/// two values are compared after [`Pii::expose`], where the reader sees it.
pub struct Pii<T: Zeroize>(T);

impl<T: Zeroize> Pii<T> {
    /// Wraps a plain value. From here on it can only be read through [`Pii::expose`].
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The plain value. Call it only where the value is about to be sealed, hashed under a key,
    /// compared, or handed to a person whose access is already in the audit log.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// A second, equally protected copy. Named instead of `Clone`, so that copies are visible.
    #[must_use]
    pub fn duplicate(&self) -> Self
    where
        T: Clone,
    {
        Self(self.0.clone())
    }
}

impl<T: Zeroize> Drop for Pii<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Pii<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("‹personal data›")
    }
}

impl<T: Zeroize> From<T> for Pii<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_says_nothing_of_the_value_or_its_length() {
        let short = format!("{:?}", Pii::new(String::from("김")));
        let long = format!("{:#?}", Pii::new(String::from("a much longer value")));
        assert_eq!(short, long);
        assert!(!short.contains('김'));
    }
}
