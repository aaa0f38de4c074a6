//! A living replica: its session with a relay, its store, its keychain, and who is signed in.
//!
//! Floor 3. [`session`] decides and is pure; everything else here carries out what it says. Product logic ends here: the
//! desktop shell and the command line only call it.

pub mod keychain;
pub mod session;
