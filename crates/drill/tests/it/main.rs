//! The story test: the whole line on invented people, with and without trouble.

mod story;
