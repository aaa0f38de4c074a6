//! What stories share: people with replicas, a relay, and a line between them that can be cut. And how benches report.

pub mod figure;
pub mod line;
pub mod silence;
pub mod typing;
pub mod world;
