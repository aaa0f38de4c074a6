//! What the gate found about a document, remembered for exactly its bytes.
//!
//! To know that an editor keeps all of a document, the document has to be built, which takes longer than sending it. So
//! this one finding, that nothing in it is unknown or unsound, is remembered with a hash of the bytes that it is about: the
//! same bytes under the same schema are sent at once the next time. Anything else is looked at first.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sheaf_document::ids::DocumentId;
use sheaf_document::schema;
use sheaf_document::update::merge;

use super::Desk;
use crate::error::Result;
use crate::gatekeeper::Loaded;
use crate::replica::Opened;

/// An editor of this schema keeps all of these bytes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Verdict {
    schema: u16,
    hash: String,
    title: String,
}

impl Desk {
    /// Returns a document that was found to be all right, as it is on the disk now.
    pub(super) fn known(&mut self, document: DocumentId) -> Result<Option<Opened>> {
        let store = self.store()?;
        let Some(verdict) = store.setting(&key(document))? else { return Ok(None) };
        let Ok(verdict) = serde_json::from_str::<Verdict>(&verdict) else { return Ok(None) };
        let update = match store.updates(document)?.list.as_slice() {
            [one] => one.clone(),
            many => merge(many.iter().map(AsRef::as_ref)).map(Bytes::from).unwrap_or_default(),
        };
        let is_same = verdict.schema == schema::VERSION && verdict.hash == hash(&update);
        Ok(is_same.then(|| Opened {
            document,
            title: verdict.title,
            update,
            unknown: Vec::new(),
            tree: None,
        }))
    }

    /// Remembers that nothing in a document is unknown, if nothing in it is unsound either.
    pub(super) fn vouch(&mut self, document: DocumentId, loaded: &Loaded, title: String) {
        let Some((key, text)) = finding(document, loaded, title) else { return };
        let remembered = self.store().and_then(|store| match store.setting(&key)? {
            Some(before) if before == text => Ok(()),
            _ => store.put_setting(&key, Some(&text)),
        });
        if let Err(error) = remembered {
            // The document is looked at again the next time.
            tracing::warn!(document.id = %document, %error, "what was found of a document cannot be remembered");
        }
    }
}

/// Returns under which name and as what it is remembered that nothing in a document is unknown; `None` where something in it
/// is unsound.
pub(super) fn finding(document: DocumentId, loaded: &Loaded, title: String) -> Option<(String, String)> {
    let verdict = Verdict { schema: schema::VERSION, hash: hash(&loaded.update), title };
    let text = serde_json::to_string(&verdict).ok().filter(|_| loaded.unsound == 0)?;
    Some((key(document), text))
}

fn key(document: DocumentId) -> String {
    format!("gate.{document}")
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
