//! The profile that is opened: a short document, the paper of 260,000 keystrokes, and a million characters in 10,000 blocks.

use std::path::Path;

use anyhow::Context as _;
use bytes::Bytes;
use sheaf_client::replica::Edit;
use sheaf_client::{Clock, Profile, Replica, chance};
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_stories::typing::long_document;

/// The titles, as the list shows them.
pub const PAPER: &str = "The paper";
pub const MILLION: &str = "A million characters";
pub const SHORT: &str = "A short one";

const BLOCKS: usize = 10_000;
const LETTERS: usize = 100;
/// Updates in one commit.
const BATCH: usize = 2_000;
const WORDS: [&str; 12] =
    ["sheaf", "of", "papers", "lies", "on", "the", "table", "by", "a", "window", "since", "morning"];

/// What was written.
pub struct Documents {
    /// The paper's id.
    pub paper: DocumentId,
}

/// Writes the documents into a new profile.
pub async fn write(folder: &Path) -> anyhow::Result<Documents> {
    let clock = Clock::system();
    let profile = Profile::open(folder)?;
    let replica = Replica::open(&profile, profile.begin(&clock)?, clock.clone()).await?;
    replica.create(MILLION, (0..BLOCKS).map(block).collect(), Origin::IMPORTED).await?;
    let paper = chance::id(clock.now(), DocumentId::fresh);
    let title = Document::new(chance::client()).set_title(PAPER);
    let updates: Vec<Vec<u8>> = [title].into_iter().chain(long_document(chance::client())?).collect();
    for batch in updates.chunks(BATCH) {
        let edit = |bytes: &Vec<u8>| Edit {
            document: paper,
            bytes: Bytes::copy_from_slice(bytes),
            origin: Origin::TYPED,
            by: None,
        };
        replica.commit_all(batch.iter().map(edit).collect()).await?;
    }
    replica
        .create(
            SHORT,
            vec![Element::new("paragraph").containing([Node::text("Short.")]).into()],
            Origin::TYPED,
        )
        .await?;
    // The desk reads titles, and folds what is long, once nobody wants anything.
    let (_watcher, mut events) = replica.watch();
    while replica.documents().await?.iter().all(|row| row.title != PAPER) {
        events.next().await.context("the replica stopped")?;
    }
    replica.stop().await;
    Ok(Documents { paper })
}

/// Returns a block of 100 letters; every fortieth is a heading.
fn block(number: usize) -> Node {
    let mut text = number.to_string();
    for word in WORDS.iter().cycle().skip(number % WORDS.len()) {
        if text.len() >= LETTERS {
            break;
        }
        text = text + " " + word;
    }
    text.truncate(LETTERS);
    let name = if number.is_multiple_of(40) { "heading" } else { "paragraph" };
    Element::new(name).containing([Node::text(text)]).into()
}
