//! Conversations over signed requests, with a real centre behind them.

mod callbacks;
mod dialogue;
mod navigator;
mod signing;
mod world;
