//! The dialect of Tencent Cloud's contact center: signed requests, the `ccc` actions of version
//! 2020-02-10, and the bodies of Data Push.
//!
//! [`desk`] is the vendor's other API: chat, proven by `UserSig`.
//!
//! A request passes [`http`] (envelope), [`sign`] (who), [`flatten`] and [`definition`] (what,
//! in the vendor's types), and one action in [`ccc`]. [`push`] goes the other way. [`compat`]
//! writes the compatibility page from the same tables.
//!
//! # Invariants
//!
//! - Every answer is HTTP 200 with `Content-Type: application/json` and a `RequestId`; clients
//!   read errors in no other form.
//! - Nothing of a request is acted on before its signature is proven.

pub mod ccc;
pub mod compat;
pub mod definition;
pub mod desk;
pub mod fault;
pub mod flatten;
pub mod http;
pub mod push;
pub mod sign;

mod call_in;
mod envelope;
mod gate;
mod im_record;
mod paging;
mod push_chat;
#[cfg(test)]
mod sample;
