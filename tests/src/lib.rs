//! What stories share: people with replicas, a relay, and a line between them that can be cut.

pub mod line;
pub mod world;
