//! What only somebody inside the store can cause without filling a real disk, or see without a clock.

use bytes::Bytes;
use rusqlite::StatementStatus;
use sheaf_document::ids::{DeviceId, DocumentId, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Origin};

use super::{Identity, Store};
use crate::{LocalWrite, StoreError};

/// A workspace of Ada's in this folder.
fn workspace(folder: &tempfile::TempDir) -> Store {
    let author = Author {
        person: PersonId::from_bytes([1; 16]),
        device: DeviceId::from_bytes([2; 16]),
        replica: ReplicaId::from_bytes([3; 16]),
    };
    let identity = Identity { workspace: WorkspaceId::from_bytes([9; 16]), author };
    Store::create(&folder.path().join("workspace.sheaf"), None, identity).unwrap()
}

#[test]
fn a_kept_statement_is_planned_once() {
    let folder = tempfile::tempdir().unwrap();
    let ada = workspace(&folder);
    for counter in 1..=3 {
        let joined =
            "SELECT log.hash FROM outbox JOIN log ON log.id = outbox.entry WHERE outbox.counter = ?1";
        let mut statement = ada.connection.prepare_cached(joined).unwrap();
        assert!(!statement.exists([counter]).unwrap(), "nothing waits");
        let again = statement.get_status(StatementStatus::RePrepare);
        assert_eq!(again, 0, "planning anew costs more than taking an acknowledgement");
    }
}

#[test]
fn a_full_disk_loses_nothing_that_was_saved_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let mut ada = workspace(&folder);
    let document = DocumentId::from_bytes([4; 16]);
    let words = |number: u64| LocalWrite {
        document,
        origin: Origin::TYPED,
        at: number,
        bytes: Bytes::from(vec![number as u8; 700]),
    };

    let pages: i64 = ada.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    ada.connection.query_row(&format!("PRAGMA max_page_count = {}", pages + 20), [], |_| Ok(())).unwrap();
    let mut saved = 0;
    let refused = loop {
        match ada.commit_local(&words(saved)) {
            Ok(_) => saved += 1,
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, StoreError::Full), "there is no room: {refused:?}");
    assert!(saved > 20, "it was not full from the beginning: {saved}");
    assert!(matches!(ada.commit_local(&words(saved)), Err(StoreError::Full)), "it stays full");
    let kept = ada.updates(document).unwrap().list;
    assert_eq!(kept.len() as u64, saved, "what was called saved is there, what was refused is not");
    ada.check().unwrap();

    ada.connection.query_row("PRAGMA max_page_count = 4294967294", [], |_| Ok(())).unwrap();
    let written = ada.commit_local(&words(saved)).unwrap();
    assert_eq!(written.counter, saved + 1, "with room again the next write follows without a gap");
    ada.check().unwrap();
}
