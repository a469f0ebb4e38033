//! What the other call centre says has happened.

/// Something that happened on the other centre's call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The callee has answered; with the caller's first words, if they came along.
    Begins {
        /// The first words; empty if there are none yet.
        words: String,
    },
    /// The caller has said something.
    Said(String),
    /// The caller has pressed keys.
    Pressed(String),
    /// The caller has been silent for too long.
    Silent,
    /// The caller has cut the robot's words.
    Cut {
        /// What had been spoken until then, as far as it is known.
        spoken: String,
    },
    /// What the robot wanted done (a transfer) did not come about.
    Failed,
    /// The call is over.
    Ended,
}

/// A stored question that no version of us has written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown kind of question `{0}`")]
pub struct NotAsked(pub String);

impl Asked {
    /// The stable name of what happened.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Begins { .. } => "begins",
            Self::Said(_) => "said",
            Self::Pressed(_) => "pressed",
            Self::Silent => "silent",
            Self::Cut { .. } => "cut",
            Self::Failed => "failed",
            Self::Ended => "ended",
        }
    }

    /// The words or keys that came along; may be empty.
    pub fn words(&self) -> &str {
        match self {
            Self::Begins { words } | Self::Said(words) | Self::Pressed(words) => words,
            Self::Cut { spoken } => spoken,
            Self::Silent | Self::Failed | Self::Ended => "",
        }
    }

    /// The question with this kind and these words.
    ///
    /// # Errors
    ///
    /// Fails on a kind that [`Asked::kind`] never gives.
    pub fn from_parts(kind: &str, words: String) -> Result<Self, NotAsked> {
        Ok(match kind {
            "begins" => Self::Begins { words },
            "said" => Self::Said(words),
            "pressed" => Self::Pressed(words),
            "silent" => Self::Silent,
            "cut" => Self::Cut { spoken: words },
            "failed" => Self::Failed,
            "ended" => Self::Ended,
            other => return Err(NotAsked(other.to_owned())),
        })
    }
}
