//! Looking for damage everywhere: in SQLite's structures, in the bytes of every row, in what the tables say of each
//! other. Reads the whole file, so it is for tests, for a doctor and for after a crash, not for every start.

use sheaf_document::ids::ContentHash;

use crate::error::{Result, StoreError};
use crate::store::Store;

/// Each finds a contradiction between tables; what it returns says which.
const CONTRADICTIONS: &[&str] = &[
    "SELECT 'a waiting entry is not in the outbox' FROM log WHERE state = 0 AND id NOT IN (SELECT entry FROM outbox)",
    "SELECT 'the outbox names an entry that does not wait' FROM outbox JOIN log ON log.id = outbox.entry
     WHERE log.state <> 0 OR log.counter <> outbox.counter",
    "SELECT 'a document miscounts its entries' FROM document
     WHERE entries <> (SELECT count(*) FROM log WHERE log.document = document.id AND state <> 2)
        OR waiting <> (SELECT count(*) FROM log WHERE log.document = document.id AND state = 0)",
    "SELECT 'a document has no row in the tree' FROM document
     WHERE document NOT IN (SELECT document FROM place) AND document <> (SELECT workspace FROM replica)",
    "SELECT 'a place miscounts what is below it' FROM place AS above WHERE children <>
         (SELECT count(*) FROM place WHERE parent = above.document AND trashed = 0 AND lost = 0)",
    "SELECT 'a place is shown under what has none' FROM place AS below WHERE lost = 0 AND parent <> x''
         AND NOT EXISTS (SELECT 1 FROM place WHERE document = below.parent AND lost <> 2)",
    "SELECT 'a record is refused that does not wait' FROM refusal JOIN log ON log.id = refusal.entry
     WHERE log.state <> 0 OR log.kind <> 2",
    "SELECT 'a row refers to nothing' FROM pragma_foreign_key_check",
];

impl Store {
    /// Reads the whole file and says whether all of it is sound.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] with what was found first.
    pub fn check(&self) -> Result<()> {
        self.read(|connection| {
            let found: String = connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
            if found != "ok" {
                return Err(StoreError::Corrupt(found));
            }
            for contradiction in CONTRADICTIONS {
                if let Some(row) = connection.prepare(contradiction)?.query([])?.next()? {
                    return Err(StoreError::Corrupt(row.get(0)?));
                }
            }
            let mut statement = connection.prepare("SELECT id, hash, bytes FROM log")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
                if ContentHash::of(bytes).as_bytes() != &row.get::<_, [u8; 32]>(1)? {
                    let id: i64 = row.get(0)?;
                    return Err(StoreError::Corrupt(format!(
                        "the bytes of row {id} are not those that were saved"
                    )));
                }
            }
            Ok(())
        })
    }
}
