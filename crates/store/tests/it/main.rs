//! The store from outside: what a process that holds a data folder may rely on.

mod folder;
mod kill;
