//! Everything that real Yjs and Tiptap wrote is admitted.

use crate::update::{Limits, StateVector};
use crate::vectors;

#[test]
fn all_that_yjs_writes_in_causal_order_is_admitted() {
    for vector in vectors::all() {
        let mut state = super::state();
        for (number, update) in vector.updates.iter().enumerate() {
            let admitted = state.admit(update, &Limits::LIVE);
            assert!(admitted.is_ok(), "{}: update {number} is honest: {admitted:?}", vector.name);
        }
        let expected: StateVector =
            vector.expect.state_vector.iter().map(|(id, next)| (*id, *next)).collect();
        assert_eq!(state.state_vector(), expected, "{}: we count what Yjs counts", vector.name);

        let repeated = state.admit(&vector.expect.state, &Limits::LIVE);
        assert!(repeated.is_ok(), "{}: the whole state again is honest: {repeated:?}", vector.name);
        assert_eq!(state.state_vector(), expected, "{}: and adds nothing", vector.name);

        let mut fresh = super::state();
        let whole = fresh.admit(&vector.expect.state, &Limits::LIVE);
        assert!(whole.is_ok(), "{}: the whole state is a beginning: {whole:?}", vector.name);
        assert_eq!(fresh.state_vector(), expected, "{}: the same one", vector.name);
    }
}
