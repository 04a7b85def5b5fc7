//! The room from outside, over a real vault.

#[cfg(test)]
mod cutting;
#[cfg(test)]
mod delivering;
#[cfg(test)]
mod killing;
#[cfg(test)]
mod messaging;
#[cfg(test)]
mod world;
