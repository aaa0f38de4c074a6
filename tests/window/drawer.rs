//! The drawer of a desk: what lies on the disk, looked at and put there without the window.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use blake3::Hash;
use bytes::Bytes;
use sheaf_client::{Clock, Profile, Reader, Replica};
use sheaf_document::Document;
use sheaf_document::ids::{DocumentId, WorkspaceId};
use sheaf_document::markdown::{self, Parsed};
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_store::{Access, Options, Store};

use crate::desk::Desk;

impl Desk {
    /// Puts documents into the profile while the app is not running; returns their ids. The last one is on top.
    pub async fn put<const N: usize>(&self, documents: [Parsed; N]) -> [DocumentId; N] {
        let (profile, workspace) = self.opened();
        let replica = Replica::open(&profile, workspace, Clock::system()).await.expect("nobody else writes");
        let mut ids = Vec::new();
        for Parsed { title, blocks } in documents {
            let title = title.unwrap_or_default();
            ids.push(replica.create(&title, blocks, Origin::IMPORTED).await.expect("the disk takes it"));
        }
        replica.stop().await;
        ids.try_into().expect("one for each")
    }

    /// Returns the stored updates of a document, byte for byte.
    pub fn stored(&self, document: DocumentId) -> Vec<Bytes> {
        let read = Options { key: None, access: Access::Read };
        let store = Store::open(&self.database(), read).expect("it can be read beside the app");
        store.updates(document).expect("it is whole").list
    }

    /// Returns a document as the disk has it.
    pub fn document(&self, document: DocumentId) -> Document {
        let (profile, workspace) = self.opened();
        let reader = Reader::open(&profile, workspace).expect("it can be read beside the app");
        reader.document(document).expect("it is whole")
    }

    /// Returns the one document of the workspace.
    pub fn only_document(&self) -> DocumentId {
        let (profile, workspace) = self.opened();
        let rows = Reader::open(&profile, workspace).and_then(|reader| reader.documents());
        let [row] = rows.expect("the list can be read").try_into().expect("there is one document");
        row.id
    }

    /// Returns the database of the workspace that was open last.
    pub fn database(&self) -> PathBuf {
        let (profile, workspace) = self.opened();
        profile.database(workspace)
    }

    /// Returns the files of that workspace, each with the hash of all its bytes. Left out is what holds nothing: empty
    /// files, and the memory that SQLite shares among those who look.
    pub fn files(&self) -> BTreeMap<PathBuf, Hash> {
        let folder = self.database().parent().expect("it lies in a folder").to_owned();
        let files = fs::read_dir(folder).expect("the folder can be read");
        let paths = files.map(|file| file.expect("the folder can be read").path());
        let files = paths.map(|path| (path.clone(), fs::read(path).expect("a file can be read")));
        let telling =
            |(path, bytes): &(PathBuf, Vec<u8>)| !bytes.is_empty() && !path.ends_with("sheaf.db-shm");
        files.filter(telling).map(|(path, bytes)| (path, blake3::hash(&bytes))).collect()
    }

    /// The first start, but without a window.
    fn opened(&self) -> (Profile, WorkspaceId) {
        let profile = Profile::open(self.profile()).expect("the folder is there");
        let workspace = profile.begin(&Clock::system()).expect("the profile is whole");
        (profile, workspace)
    }
}

/// Returns a document of this Markdown.
pub fn written(text: &str) -> Parsed {
    markdown::read_document(text)
}

/// Returns a block that no Sheaf of today knows, with words in it.
pub fn from_the_future(words: &str) -> Node {
    let paragraph = Element::new("paragraph").containing([Node::text(words)]);
    Element::new("hologram").with("depth", 3).containing([paragraph.into()]).into()
}
