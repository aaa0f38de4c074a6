//! `sheaf`: a replica without a window.
fn main() {}
