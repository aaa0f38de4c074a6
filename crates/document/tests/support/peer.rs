//! Real Yjs in a child process: `tests/yjs/peer.mjs`, one JSON line a command.

#![allow(dead_code, reason = "each test binary asks for its part")]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use yrs::ReadTxn;

/// A Node process that holds Y.Docs by number.
pub struct Peer {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Peer {
    /// Starts Node. Fails with what to do where Node or its packages are missing.
    pub fn start() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/yjs");
        assert!(
            folder.join("node_modules/yjs").exists(),
            "Yjs is not installed: run `cargo xtask test`, which sets everything up, or `npm ci` in tests/yjs"
        );
        let mut child = Command::new("node")
            .arg("peer.mjs")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Node.js 20 or later is needed: `cargo xtask test` says how to get it");
        let to = child.stdin.take().expect("piped");
        let from = BufReader::new(child.stdout.take().expect("piped"));
        Self { child, to, from }
    }

    /// Sends a command and returns the answer.
    pub fn ask(&mut self, command: Value) -> Value {
        writeln!(self.to, "{command}").expect("the peer listens");
        let mut line = String::new();
        self.from.read_line(&mut line).expect("the peer answers");
        let answer: Value = serde_json::from_str(&line).expect("the peer speaks JSON");
        assert!(
            answer.get("error").is_none(),
            "Yjs threw at {command}: {}",
            answer["error"].as_str().unwrap_or_default()
        );
        answer
    }

    /// Makes documents anew, one for each (client id, collects deleted text).
    pub fn open(&mut self, replicas: &[(u64, bool)]) {
        let replicas: Vec<Value> =
            replicas.iter().map(|(client, gc)| json!({ "client": client, "gc": gc })).collect();
        self.ask(json!({ "do": "open", "replicas": replicas }));
    }

    /// Brings updates to a document.
    pub fn take(&mut self, replica: usize, updates: &[Vec<u8>]) {
        let updates: Vec<String> = updates.iter().map(|update| STANDARD.encode(update)).collect();
        self.ask(json!({ "do": "take", "replica": replica, "updates": updates }));
    }

    /// Returns what a document wrote since last asked.
    pub fn flush(&mut self, replica: usize, way: &str, known: &[u8]) -> Vec<Vec<u8>> {
        let command =
            json!({ "do": "flush", "replica": replica, "way": way, "known": STANDARD.encode(known) });
        let answer = self.ask(command);
        let updates = answer["updates"].as_array().expect("a list");
        updates
            .iter()
            .map(|update| STANDARD.decode(update.as_str().expect("text")).expect("base64"))
            .collect()
    }

    /// Makes this edit in a document.
    pub fn perform(&mut self, replica: usize, edit: &Value) {
        self.ask(json!({ "do": "perform", "replica": replica, "edit": edit }));
    }

    /// Says what a fresh Y.Doc holds that takes these updates one by one.
    pub fn load(&mut self, updates: &[Vec<u8>]) -> Value {
        let updates: Vec<String> = updates.iter().map(|update| STANDARD.encode(update)).collect();
        self.ask(json!({ "do": "load", "updates": updates }))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // Nothing to do about a child that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Says which clocks a document of yrs has reached and what in it is deleted, in the words of the peer's `read`.
pub fn standing(txn: &impl ReadTxn) -> (Value, Value) {
    let clocks: BTreeMap<String, u32> =
        txn.state_vector().iter().map(|(client, next)| (client.get().to_string(), *next)).collect();
    let deleted: BTreeMap<String, Vec<(u32, u32)>> = txn
        .snapshot()
        .delete_set
        .iter()
        .map(|(client, ranges)| {
            (client.get().to_string(), ranges.iter().map(|it| (it.start, it.end - it.start)).collect())
        })
        .collect();
    (json!(clocks), json!(deleted))
}
