//! What entries are held against once it is loaded: a document's validator and the owners of its client ids, or, for the
//! stream in which all records of the workspace travel, the records themselves.
//!
//! The one idea: the two differ in what an entry may say and in nothing else. Order, names, groups and what happens when
//! a commit fails are the same for both and stand elsewhere. Either is a cache of the log, made from it alone.

use std::collections::BTreeMap;
use std::collections::btree_map;

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId};
use sheaf_document::update::{DocState, Limits, RefusalCode};
use sheaf_protocol::codec::WireError;
use sheaf_protocol::entry::{Draft, Flags, Kind};
use sheaf_protocol::limits;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{self, Decoded, FileWrite, Record, Records};

use super::documents::Blob;
use super::{Setup, Stored};

/// As many client ids as may write in one document.
const CLIENTS: usize = 4_096;

/// What entries are held against.
pub enum Ready {
    Document(Box<Document>),
    Records(Records),
}

/// What an update is held against.
pub struct Document {
    validator: DocState,
    owners: BTreeMap<u64, DeviceId>,
}

/// What is decided about an entry by what it says.
pub enum Judgement {
    /// It is taken, and is the first to use these client ids in its document.
    Accepted(Vec<u64>),
    /// It builds on something that is not here. This is here, as a state vector.
    Missing(Bytes),
    /// It is not taken, now or later.
    Never(Code, String),
}

impl Ready {
    /// Builds it from what the log holds of a document; `None` when that is not sound, which only a damaged disk or
    /// another's hand can bring about.
    pub fn of(setup: &Setup, document: DocumentId, stored: Stored) -> Option<Self> {
        if document == record::stream(setup.workspace) {
            return stored.records().ok().map(|(records, _)| Self::Records(records));
        }
        let mut validator = DocState::new(setup.hash_key);
        for update in stored.snapshot.iter().chain(stored.tail.iter().map(|(_, update)| update)) {
            validator.admit(update, &Limits::SNAPSHOT).ok()?;
        }
        let owners = stored.owners.into_iter().collect();
        Some(Self::Document(Box::new(Document { validator, owners })))
    }

    /// Returns the blob that an entry tells of, which is to be measured before the entry is judged.
    pub fn blob_of(&self, draft: &Draft) -> Option<ContentHash> {
        match (self, Record::decode(&draft.bytes)) {
            (Self::Records(_), Ok(Decoded::Known(Record::File(write)))) => Some(write.hash),
            _ => None,
        }
    }

    /// Judges an entry, and counts it in if it is taken. `is_sealed` says that this log took it once: then it bears its
    /// author's word, and no rule stands in the way of its coming back.
    pub fn judge(&mut self, draft: &Draft, is_sealed: bool, blob: Blob) -> Judgement {
        if draft.bytes.len() > limits::UPDATE {
            return never(Code::TOO_LARGE, format!("{} bytes", draft.bytes.len()));
        }
        // What cannot be checked is not taken: encrypted entries have no rules here yet.
        let kind = Some(draft.kind).filter(|_| draft.flags == Flags::default());
        match (self, kind) {
            (Self::Document(document), Some(Kind::UPDATE)) => document.judge(draft, is_sealed),
            (Self::Records(records), Some(Kind::RECORD)) => judge_record(records, draft, is_sealed, blob),
            (Self::Document(_), _) => never(Code::INVALID, "not a plain update"),
            (Self::Records(_), _) => never(Code::INVALID, "not a plain record"),
        }
    }

    /// Returns about how many bytes of memory it takes.
    pub fn heap_bytes(&self) -> usize {
        match self {
            Self::Document(document) => document.validator.heap_bytes() + document.owners.len() * 40,
            Self::Records(records) => records.heap_bytes(),
        }
    }

    /// Refuses what comes after it has grown as far as it may; of records only what is about something new.
    pub fn full(&self, draft: &Draft) -> Option<Judgement> {
        let records = match self {
            Self::Document(_) => return Some(never(Code::DOCUMENT_FULL, "its structure is too large")),
            Self::Records(records) => records,
        };
        match Record::decode(&draft.bytes) {
            Ok(Decoded::Known(record)) if !records.is_new(draft.author.person, &record) => None,
            _ => Some(never(Code::WORKSPACE_FULL, "it holds too many records")),
        }
    }
}

impl Stored {
    /// Returns the records that these make as far as this version knows them, and whether it knows all of them.
    ///
    /// # Errors
    ///
    /// When the snapshot is not one of records.
    pub fn records(&self) -> Result<(Records, bool), WireError> {
        let mut records = self.snapshot.as_ref().map(Records::unfold).transpose()?.unwrap_or_default();
        let mut is_all = true;
        for (by, bytes) in &self.tail {
            let decoded = Record::decode(bytes);
            is_all &= matches!(decoded, Ok(Decoded::Known(_)));
            if let Ok(Decoded::Known(record) | Decoded::Partly(record)) = decoded {
                records.apply(*by, &record);
            }
        }
        Ok((records, is_all))
    }
}

impl Document {
    fn judge(&mut self, draft: &Draft, is_sealed: bool) -> Judgement {
        let (device, Self { validator, owners }) = (draft.author.device, self);
        let is_full = owners.len() >= CLIENTS;
        // What bears the seal was its author's to write, whoever has used the client id in this life of the log.
        let may_write = |client| is_sealed || owners.get(&client).map_or(!is_full, |owner| *owner == device);
        match validator.admit_from(&draft.bytes, &Limits::BULK, may_write) {
            Ok(admitted) => {
                let mut first_used = Vec::new();
                for writer in admitted.summary().writers() {
                    if let btree_map::Entry::Vacant(vacant) = owners.entry(writer.client) {
                        vacant.insert(device);
                        first_used.push(writer.client);
                    }
                }
                Judgement::Accepted(first_used)
            }
            Err(refusal) if refusal.code.needs_resync() => {
                Judgement::Missing(validator.state_vector().encode().into())
            }
            Err(refusal) => {
                let code = match refusal.code {
                    RefusalCode::Stranger if is_full => Code::DOCUMENT_FULL,
                    RefusalCode::Stranger => Code::CLIENT_ID_TAKEN,
                    RefusalCode::Size => Code::TOO_LARGE,
                    _ => Code::INVALID,
                };
                never(code, refusal.to_string())
            }
        }
    }
}

fn judge_record(records: &mut Records, draft: &Draft, is_sealed: bool, blob: Blob) -> Judgement {
    let by = draft.author.person;
    let record = match Record::decode(&draft.bytes) {
        Ok(Decoded::Known(record)) => record,
        // A later relay took it, in a life of the log that came back to this one: nothing of it is lost.
        Ok(Decoded::Partly(record)) if is_sealed => record,
        Ok(Decoded::Unknown) if is_sealed => return Judgement::Accepted(Vec::new()),
        Ok(_) => return never(Code::UNKNOWN_RECORD, "a later version's"),
        Err(error) => return never(Code::INVALID, error.to_string()),
    };
    if !is_sealed && let Err(refused) = records.check(by, &record) {
        return never(refused.code, refused.detail);
    }
    if let Record::File(FileWrite { size, .. }) = &record
        && !is_sealed
    {
        match blob {
            Blob::Measured(Some(held)) if held == *size => {}
            Blob::Measured(Some(held)) => return never(Code::INVALID, format!("the file has {held} bytes")),
            _ => return never(Code::NO_FILE, "the file's bytes are not here"),
        }
    }
    records.apply(by, &record);
    Judgement::Accepted(Vec::new())
}

fn never(code: Code, detail: impl Into<String>) -> Judgement {
    Judgement::Never(code, detail.into())
}
