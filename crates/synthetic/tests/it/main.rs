//! What holds over a million people at once, and how fast they come.

mod million;
