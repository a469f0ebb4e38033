//! Which words of a reply the caller has heard.

/// Numbers the lines spoken in one conversation, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SpanId(pub u32);

/// A reply, parted at the last word that left the socket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeardText {
    /// What was played in full words: the only part that enters history.
    pub heard: String,
    /// What was decided and never played.
    pub unsaid: String,
}
