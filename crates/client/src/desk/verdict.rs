//! That a document is sound, remembered for exactly its bytes.
//!
//! To know that, every update of it has to be admitted, which takes longer than sending them. So this one finding is remembered
//! with a hash of the bytes that it is about: the same bytes are sent at once the next time. Anything else is looked at first.

use bytes::Bytes;
use sheaf_document::ids::DocumentId;
use sheaf_document::update::merge;

use super::Desk;
use crate::error::Result;
use crate::gatekeeper::Loaded;

impl Desk {
    /// Returns a document that was found to be sound, as it is on the disk now.
    pub(super) fn known(&mut self, document: DocumentId) -> Result<Option<Bytes>> {
        let store = self.store()?;
        let Some(found) = store.setting(&key(document))? else { return Ok(None) };
        let update = match store.updates(document)?.list.as_slice() {
            [one] => one.clone(),
            many => merge(many.iter().map(AsRef::as_ref)).map(Bytes::from).unwrap_or_default(),
        };
        Ok((found == hash(&update)).then_some(update))
    }

    /// Remembers that nothing in a document is unsound, if that is so.
    pub(super) fn vouch(&mut self, document: DocumentId, loaded: &Loaded) {
        let Some((key, found)) = finding(document, loaded) else { return };
        let remembered = self.store().and_then(|store| match store.setting(&key)? {
            Some(before) if before == found => Ok(()),
            _ => store.put_setting(&key, Some(&found)),
        });
        if let Err(error) = remembered {
            // The document is looked at again the next time.
            tracing::warn!(document.id = %document, %error, "what was found of a document cannot be remembered");
        }
    }
}

/// Returns under which name and as what it is remembered that a document is sound; `None` where something in it is not.
pub(super) fn finding(document: DocumentId, loaded: &Loaded) -> Option<(String, String)> {
    (loaded.unsound == 0).then(|| (key(document), hash(&loaded.update)))
}

fn key(document: DocumentId) -> String {
    format!("gate.{document}")
}

fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}
