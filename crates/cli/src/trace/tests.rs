//! Both kinds of trace are read, and what is none is refused with what is wrong.

use super::*;

fn read(text: &str) -> Result<Trace, TraceError> {
    Trace::read(text.as_bytes())
}

fn edit(at: usize, delete: usize, insert: &str) -> Edit {
    Edit { at, delete, insert: insert.to_owned() }
}

#[test]
fn a_sequential_trace_is_one_hand() {
    let trace = read(
        r#"{"startContent": "a", "endContent": "ab", "txns": [
            {"time": "2026-01-01T00:00:00Z", "patches": [[1, 0, "x"], [1, 1, "", 1700000000]]},
            {"patches": [[1, 0, "b"]]}]}"#,
    )
    .unwrap();
    assert_eq!(trace.people(), 1);
    assert_eq!(trace.script, Script::Alone(vec![edit(1, 0, "x"), edit(1, 1, ""), edit(1, 0, "b")]));
    assert_eq!((trace.start.as_str(), trace.end.as_str()), ("a", "ab"));
}

#[test]
fn a_graph_becomes_counts_of_what_everybody_had_seen() {
    let trace = read(
        r#"{"kind": "concurrent", "endContent": "", "numAgents": 2, "txns": [
            {"agent": 1, "parents": [], "numChildren": 2, "patches": []},
            {"agent": 0, "parents": [0], "numChildren": 1, "patches": []},
            {"agent": 1, "parents": [0], "numChildren": 1, "patches": []},
            {"agent": 0, "parents": [1, 2], "numChildren": 0, "patches": []}]}"#,
    )
    .unwrap();
    let Script::Together { people, turns } = trace.script else { panic!("it is concurrent") };
    assert_eq!(people, 2);
    let seen: Vec<_> = turns.iter().map(|turn| (turn.person, turn.knows.clone())).collect();
    assert_eq!(
        seen,
        [(0, vec![0, 0]), (1, vec![1, 0]), (0, vec![1, 0]), (1, vec![2, 1])],
        "whoever writes first is person 0, whatever the file calls them"
    );
}

#[test]
fn what_cannot_be_replayed_is_said_before_anything_is_written() {
    let told = |text: &str| read(text).unwrap_err().to_string();
    assert!(told("{}").starts_with("it is not an editing trace: missing field"));
    assert!(told("PK").starts_with("it is not an editing trace"));
    assert!(
        told(r#"{"endContent": "", "txns": [{"patches": [[1]]}]}"#).contains("[position, deleted, inserted]")
    );
    assert!(told(r#"{"kind": "rich", "endContent": "", "txns": []}"#).contains("\"rich\""));
    assert!(
        told(r#"{"endContent": "😀", "txns": [{"patches": [[0, 0, "😀"]]}]}"#).contains("beyond U+FFFF"),
        "positions would mean something else"
    );
    let concurrent = |agents: usize, txns: &str| {
        told(&format!(
            r#"{{"kind": "concurrent", "endContent": "", "numAgents": {agents}, "txns": [{txns}]}}"#
        ))
    };
    assert_eq!(
        concurrent(1, r#"{"agent": 0, "parents": [0], "patches": []}"#),
        "transaction 0 has a parent that comes later"
    );
    let branch = r#"{"agent": 0, "parents": [], "patches": []}"#;
    assert_eq!(
        concurrent(1, &format!("{branch}, {branch}")),
        "transaction 1 forgets what its own writer did before"
    );
    assert_eq!(concurrent(0, branch), "transaction 0 is by one person too many");
}

#[test]
fn a_gzipped_file_is_unpacked() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.json.gz");
    let mut packed = flate2::write::GzEncoder::new(File::create(&path).unwrap(), flate2::Compression::fast());
    packed.write_all(br#"{"endContent": "", "txns": []}"#).unwrap();
    packed.finish().unwrap();
    assert_eq!(Trace::open(&path).unwrap().script, Script::Alone(Vec::new()));
    let plain = folder.path().join("trace.json");
    std::fs::write(&plain, r#"{"endContent": "", "txns": []}"#).unwrap();
    assert_eq!(Trace::open(&plain).unwrap(), Trace::open(&path).unwrap(), "the same trace, packed or not");
}
