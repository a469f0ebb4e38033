//! The conversation of one caller and one voice agent, without audio devices, sockets or clocks.
//!
//! [`conversation::Conversation`] is the machine that a call's task owns. It hears *that* somebody
//! speaks, never the sound itself: frames stay with the media worker, words come from a
//! recognizer, decisions from a thinker, samples from a speaker. From these it decides who speaks,
//! what is said next, when a reply is cut, and when the call is over.
//!
//! Below it, from the outside in:
//!
//! - [`turn`]: whose turn it is
//! - [`digits`]: when a row of pressed keys is complete
//! - [`reply`]: which words of a reply the caller has heard
//! - [`speaking`]: how a reply gets from text to the caller's ear
//! - [`latency`]: where the time between the caller's last sound and the reply went
//! - [`thinker`]: the port behind which something decides what to say
//! - [`sentences`]: a text that comes in pieces, cut where a voice may begin
//! - [`script`]: the first thinker: a written dialogue
//! - [`flow`]: a drawn dialogue: nodes, slots, branches
//! - [`dialogue`]: the same script as the robot of somebody else's call
//! - [`mod@line`]: one thing to say, and its `${variables}`
//! - [`wording`]: what can be told from words alone
//! - [`voicemail`]: whether a person or a machine has answered
#![cfg_attr(
    test,
    expect(clippy::disallowed_methods, reason = "simulated time needs an epoch")
)]

pub mod conversation;
pub mod dialogue;
pub mod digits;
pub mod flow;
pub mod latency;
pub mod line;
pub mod reply;
pub mod script;
pub mod sentences;
pub mod speaking;
pub mod thinker;
pub mod turn;
pub mod voicemail;
pub mod wording;
