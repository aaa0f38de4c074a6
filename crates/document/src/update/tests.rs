//! The reader's tests: what honest writers make passes, each rule refuses its own case, chance finds nothing else.

mod craft;
mod honest;
mod meaning;
mod merging;
mod mutations;
mod people;
mod rules;
mod syntax;
mod units;
mod wild;

use super::{DocState, Limits, Refusal, RefusalCode};

pub(super) use rules::is_off;

/// A state under a key that every run shares, so that every run is the same.
fn state() -> DocState {
    DocState::new(*b"a key for tests!")
}

/// Admits the log, then expects the last update to be refused by this rule and to leave no trace.
#[track_caller]
fn refused(log: &[Vec<u8>], update: &[u8], code: RefusalCode) -> Refusal {
    let mut state = state();
    for update in log {
        state.admit(update, &Limits::BULK).expect("the log before is fine");
    }
    let before = format!("{:?}", state.tables);
    let refusal = state.admit(update, &Limits::BULK).expect_err("this one breaks a rule");
    assert_eq!(refusal.code, code, "{refusal}");
    assert_eq!(before, format!("{:?}", state.tables), "{code:?}: a refusal leaves no trace");
    refusal
}

/// Expects the updates to be admitted one after the other.
#[track_caller]
fn admitted(log: &[Vec<u8>]) -> DocState {
    let mut state = state();
    for (number, update) in log.iter().enumerate() {
        let outcome = state.admit(update, &Limits::BULK);
        assert!(outcome.is_ok(), "update {number}: {outcome:?}");
    }
    state
}
