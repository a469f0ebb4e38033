//! Over real sockets: stand-ins with set delays and faults.
