//! Whole stories: real relays, real replicas, a line that can be cut. One binary, one module per story.

mod accounts;
mod bad_input;
mod damaged;
mod desk;
#[cfg(unix)]
mod failing_disks;
mod files;
mod interrupted;
mod killed;
mod mirror;
mod moving_in;
mod offline;
mod people;
mod pictures;
mod presence;
mod process;
mod publishing;
mod refused;
mod restored;
mod search;
mod signing_in_again;
mod silence;
mod staying_signed_in;
mod terminal;
mod traces;
mod tree;
