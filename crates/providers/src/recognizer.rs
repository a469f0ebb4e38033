//! Recognizers: engines that turn speech into text.

pub mod afterwards;
mod ear;
pub mod pocketsphinx;
pub mod remote;
