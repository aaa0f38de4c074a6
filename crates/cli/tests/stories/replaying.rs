//! Traces played into documents end with exactly their text.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Device, trace};

#[test]
fn a_small_trace_of_each_kind_ends_with_its_text() {
    let imke = Device::new();
    for name in ["alone", "together"] {
        let path = trace(&format!("{name}.json"));
        let told = imke.json(&["replay", &path], "");
        let expected: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let text = imke.json(&["cat", name, "--text"], "");
        assert_eq!(text["text"], expected["endContent"], "{name}: what it said is true");
        let waiting = imke.json(&["list", "--flat"], "")["documents"][0]["waiting"].clone();
        assert!(told["written"].as_u64() < waiting.as_u64(), "every change is an entry of its own");
    }
}

#[test]
fn a_trace_can_be_played_into_a_document_once() {
    let imke = Device::new();
    imke.sheaf_with(&["new", "Race"], "What was there stays.\n");
    let path = trace("together.json");
    assert_eq!(imke.sheaf(&["replay", &path, "--into", "Race"]).code, 0);
    let text = imke.sheaf(&["cat", "Race", "--text"]).out;
    assert!(text.contains("What was there stays.") && text.contains("The way to the mill"), "{text}");
    let again = imke.sheaf(&["replay", &path, "--into", "Race"]);
    assert_eq!(again.code, 6, "twice the same letters would be none: {}", again.err);
    assert_eq!(imke.sheaf(&["cat", "Race", "--text"]).out, text);
}

#[test]
fn a_pace_is_kept() {
    let imke = Device::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("six.json");
    let edits: Vec<_> = (0..6).map(|at| format!(r#"{{"patches": [[{at}, 0, "a"]]}}"#)).collect();
    fs::write(&path, format!(r#"{{"endContent": "aaaaaa", "txns": [{}]}}"#, edits.join(","))).unwrap();
    let told = imke.json(&["replay", path.to_str().unwrap(), "--pace", "50"], "");
    assert!(told["milliseconds"].as_u64() >= Some(120), "seven changes, six pauses of 20 ms: {told}");
}

#[test]
fn what_is_no_trace_changes_nothing() {
    let imke = Device::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notes.json");
    fs::write(&path, "[]").unwrap();
    let refused = imke.sheaf(&["replay", path.to_str().unwrap()]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("it is not an editing trace"), "{}", refused.err);
    let alone = imke.sheaf(&["replay", &trace("alone.json"), "--into", "x", "--as-person", "2", "--of", "2"]);
    assert_eq!(alone.code, 2, "there is no second person in it: {}", alone.err);
    assert_eq!(imke.sheaf(&["list"]).code, 3, "no workspace was made");
}

/// The large published traces, where somebody has them: `SHEAF_TRACES=FOLDER`.
#[test]
fn the_published_traces_end_with_their_texts() {
    let Some(folder) = std::env::var_os("SHEAF_TRACES") else { return };
    let imke = Device::new();
    for name in ["automerge-paper.json.gz", "friendsforever.json.gz"] {
        let path = Path::new(&folder).join(name);
        println!("{name}: {}", imke.json(&["replay", path.to_str().unwrap()], ""));
    }
}
