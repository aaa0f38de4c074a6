//! What replicas and relays say to each other, and the rules that both check.
//!
//! Floor 1. No async, no I/O, no clock. [`frame`] lists every message, [`entry`] the header that a log keeps for
//! ever, [`record`] what records say and the rules for them, [`problem`] the codes, [`limits`] the bounds. A message's
//! way out is [`codec::encode`], [`pack::pack`] for a page, [`cut::cut`]; its way in [`cut::Joiner`],
//! [`codec::decode`]. The same in prose, for another team: `docs/protocol.md`.

pub mod codec;
pub mod cut;
pub mod entry;
pub mod frame;
pub mod limits;
pub mod negotiate;
pub mod pack;
pub mod problem;
pub mod record;
pub mod rest;
pub mod secret;
