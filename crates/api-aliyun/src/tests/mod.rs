//! Conversations over signed requests, with a real centre behind them.

mod callbacks;
mod dialogue;
mod life;
mod navigator;
mod search;
mod signing;
mod world;
