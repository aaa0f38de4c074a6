//! Stories of a replay: the text at the end is the trace's, whoever plays and in how many programs.

use std::path::PathBuf;

use sheaf_document::Document;
use sheaf_document::update::{DocState, Limits};

use super::*;

const NOTES: DocumentId = DocumentId::from_bytes([7; 16]);

fn small(name: &str) -> Trace {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/traces").join(name);
    Trace::open(&path).expect("the small traces are part of the project")
}

/// What a reader sees after these steps.
fn text<'a>(steps: impl IntoIterator<Item = &'a Step>) -> String {
    let (mut reader, mut state) = (Document::new(1), DocState::new([0; 16]));
    for step in steps {
        reader.apply(&state.admit(&step.update, &Limits::BULK).expect("in causal order")).unwrap();
    }
    reader.text()
}

#[test]
fn a_play_ends_with_the_text_of_its_trace() {
    for name in ["alone.json", "together.json"] {
        let trace = small(name);
        let steps = perform(&trace, &clients(NOTES, trace.people())).unwrap();
        assert!(steps.len() > trace.end.len(), "{name}: an update for each edit, not one for the text");
        assert_eq!(text(&steps), trace.end, "{name}");
    }
}

#[test]
fn everybody_computes_the_same_play() {
    let trace = small("together.json");
    let [imke, tomas] = [(); 2].map(|()| perform(&trace, &clients(NOTES, trace.people())).unwrap());
    assert_eq!(imke, tomas, "each writes only their own part, so the parts must fit");
}

#[test]
fn a_step_needs_exactly_what_it_builds_on() {
    let trace = small("together.json");
    let steps = perform(&trace, &clients(NOTES, trace.people())).unwrap();
    // Each person's steps as late as the needs of the others allow, in the other order than the file's.
    let (mut state, mut reader) = (DocState::new([0; 16]), Document::new(1));
    let mut waiting: Vec<std::collections::VecDeque<&Step>> = (0..trace.people())
        .rev()
        .map(|person| steps.iter().filter(|step| step.person == person).collect())
        .collect();
    while waiting.iter().any(|steps| !steps.is_empty()) {
        let before: usize = waiting.iter().map(std::collections::VecDeque::len).sum();
        for steps in &mut waiting {
            while let Some(step) = steps.front()
                && step.needs.iter().all(|(client, next)| state.next(*client) >= *next)
            {
                let update = steps.pop_front().unwrap().update.clone();
                reader.apply(&state.admit(&update, &Limits::BULK).expect("its needs are here")).unwrap();
            }
        }
        let after: usize = waiting.iter().map(std::collections::VecDeque::len).sum();
        assert!(after < before, "nobody waits for ever");
    }
    assert_eq!(reader.text(), trace.end, "the order of arrival does not matter");
}

#[test]
fn the_first_writer_has_the_smallest_client_id() {
    let clients = clients(NOTES, 3);
    assert!(clients.is_sorted() && clients[0] > 0, "{clients:?}");
    assert!(clients[2] < 1 << 53, "a number that every client can say");
}

#[test]
fn an_edit_beyond_the_end_is_not_guessed_at() {
    let turns = r#"{"kind": "concurrent", "endContent": "", "numAgents": 1, "txns": [
        {"agent": 0, "parents": [], "patches": [[3, 0, "x"]]}]}"#;
    let trace = Trace::read(turns.as_bytes()).unwrap();
    assert_eq!(perform(&trace, &clients(NOTES, 1)), Err(Broken { turn: 0 }));
}
