//! The long document that benches use: a paper of 260,000 keystrokes, each an update as the editor would make it.
//!
//! With the environment variable `SHEAF_TRACES` naming a folder that holds the published editing trace
//! `automerge-paper.json.gz`, it is that paper, typed by a person. Otherwise it is made up: runs of letters, three of ten
//! keys a backspace, the caret now and then somewhere else. Nothing here is random from run to run.

use std::fs::File;
use std::path::Path;

use anyhow::Context as _;
use flate2::read::GzDecoder;
use sheaf_document::typist::Typist;

/// As many edits as the document has, or a few less where the trace has less.
pub const EDITS: usize = 260_000;

/// Where, how many characters go, what comes.
type Edit = (usize, usize, String);

#[derive(serde::Deserialize)]
struct Trace {
    txns: Vec<Transaction>,
}

#[derive(serde::Deserialize)]
struct Transaction {
    patches: Vec<Edit>,
}

/// Returns the long document, typed by this client: one update for each edit.
///
/// # Errors
/// When there should be a trace and it cannot be read.
pub fn long_document(client: u64) -> anyhow::Result<Vec<Vec<u8>>> {
    let edits = match std::env::var_os("SHEAF_TRACES") {
        Some(folder) => recorded(&Path::new(&folder).join("automerge-paper.json.gz"))?,
        None => made_up(),
    };
    let (mut typist, first) = Typist::begin(client);
    let rest = edits.iter().map(|(at, delete, insert)| typist.edit(*at, *delete, insert));
    Ok(std::iter::once(first).chain(rest).collect())
}

/// Returns so many letters typed one after the other by this client: one update each.
pub fn line(client: u64, letters: usize) -> impl Iterator<Item = Vec<u8>> {
    let (mut typist, first) = Typist::begin(client);
    let rest = (1..letters).map(move |at| typist.edit(at - 1, 0, "e"));
    std::iter::once(first).chain(rest)
}

fn recorded(path: &Path) -> anyhow::Result<Vec<Edit>> {
    let file = File::open(path).with_context(|| format!("there is no trace at {}", path.display()))?;
    let mut text = String::new();
    std::io::Read::read_to_string(&mut GzDecoder::new(file), &mut text)?;
    let trace: Trace = serde_json::from_str(&text)?;
    Ok(trace.txns.into_iter().flat_map(|transaction| transaction.patches).collect())
}

fn made_up() -> Vec<Edit> {
    let mut state = 1_u64;
    let mut draw = move |below: usize| {
        // Knuth's linear congruential generator; its high bits are good enough to look like a person.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let (mut length, mut caret, mut run) = (0, 0, 0);
    let key = |_| {
        if run == 0 {
            caret = draw(length + 1);
            run = 1 + draw(60);
        }
        run -= 1;
        if caret > 0 && draw(10) < 3 {
            caret -= 1;
            length -= 1;
            return (caret, 1, String::new());
        }
        let letter = char::from(b'a' + draw(26) as u8);
        caret += 1;
        length += 1;
        (caret - 1, 0, letter.to_string())
    };
    (1..EDITS).map(key).collect()
}
