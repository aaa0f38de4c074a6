//! Making the documents that a plan says, a step at a time.
//!
//! A step reads some files, puts what they show on the shelf, and gives the desk what it has to write in one transaction: as
//! much as takes it a moment. Between two steps everyone else has their turn, and somebody may end it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::record::{DEEPEST, Order, Parent};
use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::read::{self, Content, Part};
use super::survey::{Kind, Plan};
use super::{Left, Outcome, Progress, Report, Why};
use crate::chance;
use crate::clock::Clock;
use crate::desk::{Newborn, Stand};
use crate::error::{ReplicaError, Result};
use crate::files::{FileError, FileView};
use crate::folder::{Atlas, Page, paths};
use crate::replica::Replica;
use crate::writing::place_behind;

/// As many documents are made in one step,
const STEP: usize = 48;
/// of as many bytes of text, or a little more.
const BYTES: usize = 1 << 20;

/// Brings in what was surveyed, under a document or at the top. `tell` hears how far it is before every step. Ending `cancel`
/// ends it between two of them.
///
/// Whatever happens, the report says what there is now.
pub async fn run(
    replica: &Replica,
    plan: Plan,
    under: Parent,
    clock: &Clock,
    cancel: &CancellationToken,
    mut tell: impl FnMut(Progress),
) -> Report {
    let mut import = Import::of(replica, plan, under, clock);
    let outcome = import.all(cancel, &mut tell).await;
    let report = import.report();
    match outcome {
        Ok(true) => report,
        Ok(false) => Report { outcome: Outcome::Cancelled, ..report },
        Err(error) => {
            tracing::error!(%error, "an import ended early; what it made is in the trash");
            Report { outcome: Outcome::Failed(error), ..report }
        }
    }
}

struct Import<'r> {
    replica: &'r Replica,
    plan: Arc<Plan>,
    under: Parent,
    /// Whether it lies in the trash until it is whole: one document is whole at once.
    is_staged: bool,
    /// The documents' ids, made beforehand, so that each can mention every other.
    ids: Arc<Vec<DocumentId>>,
    /// Those that others stand under.
    parents: BTreeSet<usize>,
    atlas: Arc<Mutex<Atlas>>,
    /// The client id of everything that is written here.
    hand: u64,
    /// The last place under each that others stand under.
    last: BTreeMap<usize, Order>,
    /// What became of each file that was wanted.
    files: BTreeMap<String, Option<ContentHash>>,
    title: String,
    made: usize,
    left: Vec<Left>,
}

/// A document that was read.
type Read = (usize, Content, BTreeSet<String>);

impl<'r> Import<'r> {
    fn of(replica: &'r Replica, plan: Plan, under: Parent, clock: &Clock) -> Self {
        let now = clock.now();
        let ids: Vec<_> = plan.documents.iter().map(|_| chance::id(now, DocumentId::fresh)).collect();
        let mut atlas = Atlas::default();
        for (planned, id) in plan.documents.iter().zip(&ids) {
            if !planned.path.is_empty() {
                atlas.put_document(&planned.path, *id);
            }
        }
        plan.files.keys().for_each(|path| atlas.put_file(path, None));
        Self {
            replica,
            under,
            is_staged: plan.documents.len() > 1,
            ids: Arc::new(ids),
            parents: plan.documents.iter().filter_map(|planned| planned.under).collect(),
            atlas: Arc::new(Mutex::new(atlas)),
            hand: chance::client(),
            last: BTreeMap::new(),
            files: BTreeMap::new(),
            title: plan.name().to_owned(),
            made: 0,
            left: plan.left.clone(),
            plan: Arc::new(plan),
        }
    }

    /// Makes all of it; says whether nobody ended it.
    async fn all(&mut self, cancel: &CancellationToken, tell: &mut impl FnMut(Progress)) -> Result<bool> {
        let above = match self.under {
            Some(under) => self.replica.path(under).await?.len(),
            None => 0,
        };
        let (mut next, total) = (0, self.plan.documents.len());
        while let Some(planned) = self.plan.documents.get(next) {
            if cancel.is_cancelled() {
                return Ok(false);
            }
            tell(Progress { done: next, total, path: planned.path.clone() });
            next = self.step(next, DEEPEST.saturating_sub(above)).await?;
        }
        if let Some(first) = self.ids.first().filter(|_| self.is_staged && self.made > 0) {
            self.replica.trash(*first, false).await?;
        }
        tell(Progress { done: total, total, path: String::new() });
        let unshown = self.plan.files.keys().filter(|path| !self.files.contains_key(*path));
        self.left.extend(unshown.map(|path| Left { path: path.clone(), why: Why::NotShown }));
        Ok(true)
    }

    /// Makes some documents from this one on, and returns which is next.
    async fn step(&mut self, from: usize, deepest: usize) -> Result<usize> {
        let (read, next) = self.read(from, deepest).await?;
        let mut read = read;
        for (at, content, wanted) in &mut read {
            for path in wanted.iter() {
                self.bring(path).await?;
            }
            for part in content.parts.drain(..) {
                self.bring_part(*at, part).await?;
            }
        }
        let newborn = self.compose(read).await?;
        if newborn.is_empty() {
            return Ok(next);
        }
        let count = newborn.len();
        if self.made == 0
            && let Some(first) = newborn.first()
        {
            self.title.clone_from(&first.title);
        }
        self.replica.make_all(newborn, Origin::IMPORTED).await?;
        self.made += count;
        Ok(next)
    }

    /// Reads some documents; what cannot be read is left, but for those that others stand under.
    async fn read(&mut self, from: usize, deepest: usize) -> Result<(Vec<Read>, usize)> {
        let (plan, atlas) = (self.plan.clone(), self.atlas.clone());
        let is_single = !self.is_staged;
        let parents = std::mem::take(&mut self.parents);
        let work = move || {
            let (mut read, mut left, mut next, mut bytes) = (Vec::new(), Vec::new(), from, 0);
            let mut atlas = lock(&atlas);
            while let Some(planned) = plan.documents.get(next).filter(|_| next - from < STEP && bytes < BYTES)
            {
                let content =
                    if planned.depth > deepest { Err(Why::TooDeep) } else { read::content(planned) };
                let content = content.or_else(|why| {
                    left.push(Left { path: planned.path.clone(), why });
                    let is_needed = parents.contains(&next) && why != Why::TooDeep;
                    is_needed.then(|| read::empty(planned).into()).ok_or(())
                });
                if let Ok(content) = content {
                    if is_single {
                        beside(&plan, &planned.path, &content.page, &mut atlas);
                    }
                    bytes +=
                        planned.file.metadata().map_or(0, |it| usize::try_from(it.len()).unwrap_or(BYTES));
                    let wanted = atlas.wanted(&planned.path, &content.page.blocks);
                    read.push((next, content, wanted));
                }
                next += 1;
            }
            (read, left, next, parents)
        };
        let (read, left, next, parents) = spawn_blocking(work).await.map_err(|_| ReplicaError::Broken)?;
        self.parents = parents;
        self.left.extend(left);
        Ok((read, next))
    }

    /// Puts a file on the shelf, once.
    async fn bring(&mut self, path: &str) -> Result<()> {
        if self.files.contains_key(path) {
            return Ok(());
        }
        let file = self.plan.files.get(path).cloned().unwrap_or_else(|| self.plan.root.join(path));
        let added = self.replica.add_file(&file).await;
        self.note(path, added)
    }

    /// Puts a picture on the shelf that is within a file.
    async fn bring_part(&mut self, at: usize, part: Part) -> Result<()> {
        let Some(planned) = self.plan.documents.get(at) else { return Ok(()) };
        let path = paths::join(paths::folder(&planned.path), &part.path);
        let added = match self.replica.begin_file(part.bytes.len() as u64).await {
            Ok(mut fresh) => match fresh.write(&part.bytes) {
                Ok(()) => self.replica.keep_file(fresh, &part.name).await,
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        };
        self.note(&path, added)
    }

    /// Notes what became of a file; one that cannot be brought along keeps nothing else from it, a full disk does.
    fn note(&mut self, path: &str, added: std::result::Result<FileView, FileError>) -> Result<()> {
        let hash = match added {
            Ok(view) => Some(view.hash),
            Err(FileError::Replica(error)) => return Err(error),
            Err(FileError::Disk(error))
                if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
            {
                return Err(sheaf_store::StoreError::Full.into());
            }
            Err(error) => {
                let why = match error {
                    FileError::TooLarge { most } => Why::TooLarge(most),
                    FileError::Disk(error) => error.into(),
                    _ => Why::Damaged,
                };
                self.left.push(Left { path: path.to_owned(), why });
                None
            }
        };
        lock(&self.atlas).put_file(path, hash);
        self.files.insert(path.to_owned(), hash);
        Ok(())
    }

    /// Writes what was read as new documents.
    async fn compose(&mut self, read: Vec<Read>) -> Result<Vec<Newborn>> {
        let (plan, atlas, ids, hand) = (self.plan.clone(), self.atlas.clone(), self.ids.clone(), self.hand);
        let work = move || {
            let atlas = lock(&atlas);
            let written = read.into_iter().filter_map(|(at, Content { page, .. }, _)| {
                let planned = plan.documents.get(at)?;
                let blocks = atlas.inward(&planned.path, page.blocks);
                let written = read::updates(hand, &page.title, blocks);
                Some((at, *ids.get(at)?, page.title, written))
            });
            written.collect::<Vec<_>>()
        };
        let written = spawn_blocking(work).await.map_err(|_| ReplicaError::Broken)?;
        let mut newborn = Vec::with_capacity(written.len());
        for (at, document, title, updates) in written {
            let Some(planned) = self.plan.documents.get(at) else { continue };
            let updates = match updates {
                Ok(updates) => updates,
                Err(why) => {
                    self.left.push(Left { path: planned.path.clone(), why });
                    if !self.parents.contains(&at) {
                        continue;
                    }
                    read::updates(self.hand, &title, Vec::new()).map_err(|_| ReplicaError::Broken)?
                }
            };
            let stand = match planned.under {
                None => Stand::Last(self.under),
                Some(above) => {
                    let order = place_behind(self.last.get(&above))?;
                    self.last.insert(above, order.clone());
                    Stand::Under(*self.ids.get(above).ok_or(ReplicaError::Broken)?, order)
                }
            };
            let trashed = planned.under.is_none() && self.is_staged;
            newborn.push(Newborn { document, stand, trashed, title, updates });
        }
        Ok(newborn)
    }

    fn report(self) -> Report {
        let mut left = self.left;
        left.sort();
        Report {
            document: self.ids.first().copied().filter(|_| self.made > 0),
            title: self.title,
            documents: self.made,
            files: self.files.values().flatten().collect::<BTreeSet<_>>().len(),
            left,
            outcome: Outcome::Whole,
        }
    }
}

/// Notes the files that a single document shows: nobody looked through the folder that it lies in.
fn beside(plan: &Plan, path: &str, page: &Page, atlas: &mut Atlas) {
    for path in atlas.unknown(path, &page.blocks) {
        let file: PathBuf = plan.root.join(&path);
        let is_inside = file.canonicalize().is_ok_and(|file| file.starts_with(&plan.root) && file.is_file());
        if is_inside && Kind::of(&path).is_none() {
            atlas.put_file(&path, None);
        }
    }
}

fn lock(atlas: &Mutex<Atlas>) -> MutexGuard<'_, Atlas> {
    atlas.lock().unwrap_or_else(PoisonError::into_inner)
}
