//! Reading a document, which needs yrs, in a child process of the same binary.
//!
//! The relay's own process never integrates updates: what is wrong with a library that does must cost a child and not a
//! team's relay. The child gets the updates on its standard input, each behind its length (four bytes, little-endian),
//! checks them by the same rules as everyone, and writes the document's plain text to its standard output.

mod limits;

use std::io::{IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::update::{DocState, Limits};
use sheaf_protocol::record;

use crate::clock;
use crate::error::{Error, Result};
use crate::folder::Folder;
use crate::storage::sqlite::Sqlite;

/// The hidden command under which the binary is the child.
pub const COMMAND: &str = "worker";

/// Lets a child of this binary write a document's plain text to the standard output; also while the relay runs.
pub fn print_text(data: &Path, document: DocumentId) -> Result<()> {
    let folder = Folder::existing(data)?;
    let mut database = Sqlite::open_reader(&folder.database())?;
    let mut updates = Vec::new();
    for workspace in database.workspaces()? {
        if document != record::stream(workspace.workspace) {
            let (stored, _) = database.document(workspace.workspace, document)?;
            updates
                .extend(stored.snapshot.into_iter().chain(stored.tail.into_iter().map(|(_, update)| update)));
        }
    }
    if updates.is_empty() {
        return Err(Error::NoDocument(document));
    }
    let failed = |source: std::io::Error| Error::Worker(source.to_string());
    let program = std::env::current_exe().map_err(failed)?;
    let mut child = Command::new(program).arg(COMMAND).stdin(Stdio::piped()).spawn().map_err(failed)?;
    if let Some(mut input) = child.stdin.take() {
        for update in &updates {
            let length = u32::try_from(update.len()).map_err(|_| Error::Stored("an update's length"))?;
            // A child that gave up closes its end; its exit status says more than the broken pipe.
            let sent = input.write_all(&length.to_le_bytes()).and_then(|()| input.write_all(update));
            if sent.is_err() {
                break;
            }
        }
    }
    let status = child.wait().map_err(failed)?;
    if status.success() { Ok(()) } else { Err(Error::Worker(status.to_string())) }
}

/// Is the child: reads updates until the input ends, then writes the text. A terminal would obey the control characters
/// in it instead of showing them, so it gets none.
pub fn run(mut input: impl Read, mut output: impl Write + IsTerminal) -> Result<()> {
    let failed = |source: std::io::Error| Error::Worker(source.to_string());
    limits::bound().map_err(failed)?;
    let mut state = DocState::new(clock::chance()?);
    // A reader makes no changes, so its client id is never seen.
    let mut document = Document::new(1);
    let mut length = [0; 4];
    loop {
        match input.read_exact(&mut length) {
            Err(end) if end.kind() == std::io::ErrorKind::UnexpectedEof => break,
            read => read.map_err(failed)?,
        }
        let length = u64::from(u32::from_le_bytes(length));
        let mut update = Vec::new();
        input.by_ref().take(length).read_to_end(&mut update).map_err(failed)?;
        let admitted =
            state.admit(&update, &Limits::SNAPSHOT).map_err(|refusal| Error::Worker(refusal.to_string()))?;
        document.apply(&admitted).map_err(|error| Error::Worker(error.to_string()))?;
    }
    let is_command = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    let text = document.text();
    let text = if output.is_terminal() { text.replace(is_command, "\u{fffd}") } else { text };
    writeln!(output, "{text}").map_err(failed)
}
