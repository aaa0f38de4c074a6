//! What the window remembers of a workspace on this device alone, as settings of its replica: what was opened last, and
//! what the person saw of the tree.

use std::collections::BTreeSet;

use serde::Serialize;
use serde::de::DeserializeOwned;
use sheaf_client::Replica;
use sheaf_document::ids::DocumentId;
use tokio::sync::Mutex;

use crate::shapes::{Problem, ProblemCode, TreeView};

/// The documents that were opened last, the latest first, as JSON.
const RECENT: &str = "window.recent";
/// What the person saw of the tree, as JSON.
const TREE: &str = "window.tree";

/// As many documents are remembered as opened.
const VISITS: usize = 20;
/// As many expanded rows.
const EXPANDED: usize = 1_000;

/// The settings, and the lock under which one of them is read and written anew.
#[derive(Default)]
pub struct Remembered(Mutex<()>);

impl Remembered {
    /// Notes that a document was opened.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn visit(&self, replica: &Replica, document: DocumentId) -> Result<(), Problem> {
        let _alone = self.0.lock().await;
        let mut recent = self.recent(replica).await?;
        if recent.first() == Some(&document) {
            return Ok(());
        }
        recent.retain(|other| *other != document);
        recent.insert(0, document);
        recent.truncate(VISITS);
        let ids: Vec<_> = recent.iter().map(DocumentId::to_string).collect();
        put(replica, RECENT, &ids).await
    }

    /// Returns the documents that were opened last, the latest first.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn recent(&self, replica: &Replica) -> Result<Vec<DocumentId>, Problem> {
        let ids: Vec<String> = get(replica, RECENT).await?;
        Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// Keeps what the person sees of the tree.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn keep_tree(&self, replica: &Replica, view: &TreeView) -> Result<(), Problem> {
        let ids = view.expanded.iter().filter_map(|id| id.parse::<DocumentId>().ok());
        let ids: BTreeSet<_> = ids.take(EXPANDED).collect();
        let expanded = ids.iter().map(DocumentId::to_string).collect();
        put(replica, TREE, &TreeView { expanded, scroll: view.scroll.max(0.0) }).await
    }

    /// Returns what the person saw of the tree.
    ///
    /// # Errors
    /// When the disk fails.
    pub async fn tree(&self, replica: &Replica) -> Result<TreeView, Problem> {
        get(replica, TREE).await
    }
}

/// What cannot be read is taken for nothing: it is no person's work.
async fn get<T: DeserializeOwned + Default>(replica: &Replica, name: &str) -> Result<T, Problem> {
    let kept = replica.setting(name).await?;
    Ok(kept.and_then(|kept| serde_json::from_str(&kept).ok()).unwrap_or_default())
}

async fn put<T: Serialize>(replica: &Replica, name: &str, value: &T) -> Result<(), Problem> {
    let text = serde_json::to_string(value).map_err(|error| Problem::new(ProblemCode::Internal, error))?;
    Ok(replica.put_setting(name, Some(text)).await?)
}

#[cfg(test)]
mod tests {
    use sheaf_client::{Clock, Profile};

    use super::*;

    #[tokio::test]
    async fn what_was_opened_last_comes_first_and_once() {
        let folder = tempfile::tempdir().unwrap();
        let (profile, clock) = (Profile::open(folder.path()).unwrap(), Clock::system());
        let workspace = profile.begin(&clock).unwrap();
        let replica = Replica::open(&profile, workspace, clock).await.unwrap();
        let remembered = Remembered::default();
        assert_eq!(remembered.recent(&replica).await.unwrap(), [], "nothing was opened yet");
        let ids: Vec<_> = (0..30).map(|number| DocumentId::from_bytes([number; 16])).collect();
        for id in &ids {
            remembered.visit(&replica, *id).await.unwrap();
        }
        remembered.visit(&replica, ids[25]).await.unwrap();
        let recent = remembered.recent(&replica).await.unwrap();
        assert_eq!(recent[..3], [ids[25], ids[29], ids[28]], "who comes back is first again");
        assert_eq!(recent.len(), VISITS, "and there is an end to it");

        let view = TreeView { expanded: vec![ids[3].to_string(), "coffee".to_owned()], scroll: 56.0 };
        remembered.keep_tree(&replica, &view).await.unwrap();
        let kept = TreeView { expanded: vec![ids[3].to_string()], scroll: 56.0 };
        assert_eq!(remembered.tree(&replica).await.unwrap(), kept, "only what can be a document is kept");
    }
}
