//! Whole stories: real relays, real replicas, a line that can be cut. One binary, one module per story.

mod accounts;
mod offline;
mod publishing;
mod signing_in_again;
mod staying_signed_in;
mod terminals;
