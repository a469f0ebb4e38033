//! How a reply gets from text to the caller's ear.
