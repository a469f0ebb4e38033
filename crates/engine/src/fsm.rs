//! State machines written as the table a reader would draw.

/// A trigger arrived in a state that has no answer to it.
///
/// This is a fact about the peer or the order of messages, not a bug of ours: drop it and carry
/// on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{on}` means nothing while `{from}`")]
pub struct NoTransition {
    /// The state.
    pub from: &'static str,
    /// The trigger.
    pub on: &'static str,
}

/// Declares the states and every transition between them; anything absent is refused.
macro_rules! states {
    ($(#[$meta:meta])* pub enum $State:ident by $Trigger:ident {
        $( $(#[$doc:meta])* $from:ident { $($on:ident => $to:ident),* $(,)? } )*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $State { $( $(#[$doc])* $from ),* }

        impl $State {
            /// Every transition, in the order in which it is written down.
            pub const TABLE: &'static [($State, $Trigger, $State)] =
                &[ $( $( ($State::$from, $Trigger::$on, $State::$to), )* )* ];

            /// Moves along the table.
            pub fn on(self, trigger: $Trigger) -> Result<Self, $crate::NoTransition> {
                Self::TABLE
                    .iter()
                    .find(|(from, on, _)| *from == self && *on == trigger)
                    .map(|(_, _, to)| *to)
                    .ok_or_else(|| $crate::NoTransition { from: self.name(), on: trigger.name() })
            }

            /// Its name in diagrams.
            pub fn name(self) -> &'static str {
                match self { $( $State::$from => stringify!($from) ),* }
            }

            /// The table as a Mermaid state diagram.
            pub fn diagram() -> String {
                let mut text = String::from("stateDiagram-v2\n");
                for (from, on, to) in Self::TABLE {
                    text += &format!("    {} --> {}: {}\n", from.name(), to.name(), on.name());
                }
                text
            }
        }
    };
}
