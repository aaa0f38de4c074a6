//! The reader's tests: what honest writers make passes, each rule refuses its own case, chance finds nothing else.

mod craft;
mod honest;
mod merging;

mod people;

mod units;

use super::DocState;

/// A state under a key that every run shares, so that every run is the same.
fn state() -> DocState {
    DocState::new(*b"a key for tests!")
}
