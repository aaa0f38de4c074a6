//! A colleague at another device, whom the story does not watch: a replica without a window, of a newer Sheaf if need be.

use std::net::SocketAddr;

use anyhow::Context as _;
use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_client::replica::Edit;
use sheaf_client::{Clock, Profile, Replica, chance, team};
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::tree::{Element, Node};
use sheaf_document::update::{DocState, Limits};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::secret::Secret;
use sheaf_stories::world::World;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::driver::PATIENCE;

/// Somebody of the team.
pub struct Colleague {
    replica: Replica,
    _folder: TempDir,
}

impl Colleague {
    /// Joins the team.
    pub async fn join(name: &str, world: &World, through: SocketAddr) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (profile, clock) = (Profile::open(folder.path())?, Clock::system());
        let enrolment = Enrolment {
            name: name.to_owned(),
            email: format!("{}@example.org", name.to_lowercase()),
            password: Secret::new("correct horse battery"),
            device: profile.device(&clock)?,
            device_name: format!("{name}'s desk"),
        };
        let keychain = Vault::open(MemoryKeychain::default()).await;
        let insist = Insist::Encrypted;
        let (account, session) =
            Account::join(&world.invitation(through)?, insist, enrolment, keychain, folder.path()).await?;
        let replica = team::settle(&profile, &account, &session, insist, &clock).await?;
        replica.connect(team::relay(&account));
        Ok(Self { replica, _folder: folder })
    }

    /// Waits until a document has these words.
    pub async fn read(&self, document: DocumentId, words: &str) -> anyhow::Result<()> {
        let (_watcher, mut events) = self.replica.watch();
        let mut status = self.replica.follow_status();
        let waiting = async {
            while !self.replica.text(document).await.is_ok_and(|text| text.contains(words)) {
                tokio::select! {
                    _ = events.next() => {}
                    _ = status.changed() => {}
                }
            }
        };
        timeout(PATIENCE, waiting).await.with_context(|| format!("{words:?} never came"))
    }

    /// Writes a document of one paragraph.
    pub async fn write(&self, title: &str, words: &str) -> anyhow::Result<DocumentId> {
        let paragraph = Element::new("paragraph").containing([Node::text(words)]);
        Ok(self.replica.create(title, vec![paragraph.into()], Origin::TYPED).await?)
    }

    /// Waits until a document of this title is here.
    pub async fn finds(&self, title: &str) -> anyhow::Result<DocumentId> {
        let mut status = self.replica.follow_status();
        let (_watcher, mut events) = self.replica.watch();
        let finding = async {
            loop {
                let rows = self.replica.documents().await?;
                if let Some(row) = rows.iter().find(|row| row.title == title) {
                    return anyhow::Ok(row.id);
                }
                tokio::select! {
                    _ = events.next() => {}
                    _ = status.changed() => {}
                }
            }
        };
        timeout(PATIENCE, finding).await.with_context(|| format!("{title:?} never came"))?
    }

    /// Adds a block at a document's end.
    pub async fn add(&self, document: DocumentId, block: Node) -> anyhow::Result<()> {
        Ok(self.replica.append(document, vec![block], Origin::TYPED).await?)
    }

    /// Types words into a document's first paragraph, so many letters from its start.
    pub async fn type_at(&self, document: DocumentId, at: u32, words: &str) -> anyhow::Result<()> {
        let mut copy = self.copy(document).await?;
        let bytes = copy.splice(at, 0, words).context("the paragraph is that long")?.into();
        self.replica.commit(Edit { document, bytes, origin: Origin::TYPED, by: None }).await?;
        Ok(())
    }

    /// Returns a document as it is here.
    pub async fn copy(&self, document: DocumentId) -> anyhow::Result<Document> {
        let (watcher, _events) = self.replica.watch();
        let opened = watcher.open(document).await?;
        let mut copy = Document::new(chance::client());
        copy.apply(&DocState::new(chance::bytes()).admit(&opened, &Limits::SNAPSHOT)?)?;
        Ok(copy)
    }
}
