//! What somebody tells a voice agent in the middle of a call.

/// Something that a voice agent was told, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// What it is to do.
    pub kind: InstructionKind,
    /// The words; empty for a sound.
    pub text: String,
    /// What became of it.
    pub outcome: InstructionOutcome,
}

/// What a voice agent is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionKind {
    /// Say these words.
    Say,
    /// Play a sound that came with the request.
    Play,
    /// Think about these words, and answer.
    Think,
}

/// What became of what a voice agent was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstructionOutcome {
    /// It is carried out now.
    Taken,
    /// It waits until nobody speaks.
    Waits,
    /// It is not carried out: somebody spoke, or something came first.
    Dropped,
}

impl InstructionKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Say, Self::Play, Self::Think];

    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Say => "say",
            Self::Play => "play",
            Self::Think => "think",
        }
    }

    /// The kind with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl InstructionOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Taken, Self::Waits, Self::Dropped];

    /// Stable lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Waits => "waits",
            Self::Dropped => "dropped",
        }
    }

    /// The outcome with this name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}
