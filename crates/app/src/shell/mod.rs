//! Loops that give machines time and I/O. The only place that spawns.

pub mod media;
