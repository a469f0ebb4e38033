//! Recognizers: engines that turn speech into text.

mod ear;
pub mod pocketsphinx;
pub mod remote;
