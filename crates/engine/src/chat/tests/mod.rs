//! Stories of conversations, in simulated time.

mod growing;
mod people;
mod random;
mod world;
