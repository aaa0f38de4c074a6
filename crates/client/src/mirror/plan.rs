//! What is to be done so that a folder and its documents say the same again. Pure: no disk, no clock, no replica.
//!
//! Three things are compared: what both were when they last agreed ([`Row`]), the [`Disk`] now and the [`Documents`] now.
//! A plan has one of two halves: what the folder changed goes into the documents first; once nothing of that is left, what
//! the documents changed goes into the folder. So a plan never decides between two sides: what both changed is merged, and
//! where one side has it no more and the other changed it, it stays.
//!
//! **A file that is not there is a deletion only if everything speaks for it**: its folder can be read, its document did not
//! change meanwhile, it stays away for a while, and not too many are missing at once. Then its document goes into the trash,
//! and no further. Everything else is a question, or the file is written again.

mod matching;
mod naming;
mod shapes;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use sheaf_document::ids::DocumentId;

use crate::folder::{ENDING, paths};
use matching::Matched;
use naming::Naming;
pub use shapes::{Answer, Disk, Documents, Found, Hints, Plan, Question, Row, Rows, Standing, Step};

/// More files than this are never missed without a question.
const MANY: usize = 20;
/// Fewer than this are a person's own doing, as long as others are left.
const FEW: usize = 3;

/// Compares the three.
pub fn plan(rows: &Rows, disk: &Disk, documents: &Documents, hints: &Hints) -> Plan {
    let answer = hints.answer;
    if !disk.is_there {
        return Plan { question: Some(Question::Vanished), ..Plan::default() };
    }
    let matched = Matched::of(rows, disk);
    let missing = missing(rows, disk, documents, &matched);
    let all = rows.values().filter(|row| row.hash.is_some()).count();
    if answer == Answer::Ask && is_too_much(missing.len(), all) {
        let question = Some(Question::Missing(missing.len()));
        return Plan { steps: Vec::new(), question, missing };
    }
    let gone: BTreeSet<DocumentId> = match answer {
        Answer::Ask => missing.intersection(&hints.ripe).copied().collect(),
        Answer::Trash => missing.clone(),
        Answer::Write => BTreeSet::new(),
    };
    // What stands under another goes with it, and comes back with it.
    let goes_along = |document: &DocumentId| {
        documents
            .get(document)
            .and_then(|standing| standing.parent)
            .is_some_and(|parent| gone.contains(&parent))
    };
    let gone: Vec<DocumentId> = gone.iter().copied().filter(|document| !goes_along(document)).collect();
    let mut steps = from_folder(rows, disk, documents, &matched);
    steps.extend(gone.into_iter().map(|document| Step::Trash { document }));
    steps.retain(|step| !hints.failed.contains(step));
    if steps.is_empty() {
        let waits = |document: &DocumentId| answer == Answer::Ask && missing.contains(document);
        steps = from_documents(rows, disk, documents, &matched, waits);
        steps.retain(|step| !hints.failed.contains(step));
    }
    Plan { steps, question: None, missing }
}

fn is_too_much(missing: usize, all: usize) -> bool {
    missing > MANY || missing >= FEW && missing * 2 > all || missing > 0 && missing >= all
}

/// Returns the documents whose files are missing, if that cannot mean anything but that somebody deleted them.
fn missing(rows: &Rows, disk: &Disk, documents: &Documents, matched: &Matched<'_>) -> BTreeSet<DocumentId> {
    let mut missing: BTreeSet<DocumentId> = rows
        .iter()
        .filter(|(document, row)| {
            let stands = documents.get(document).is_some_and(|standing| !standing.is_changed);
            stands
                && !matched.at.contains_key(document)
                && !is_folder_only(row, disk)
                && !disk.is_unclear(&row.path)
        })
        .map(|(document, _)| *document)
        .collect();
    // What still has something below it is not deleted. That something may itself be found to stay.
    loop {
        let is_needed = |document: &DocumentId| {
            documents.iter().any(|(below, standing)| {
                standing.parent == Some(*document)
                    && !missing.contains(below)
                    && !matched.has_left(*below, rows)
            })
        };
        let needed: Vec<_> = missing.iter().copied().filter(is_needed).collect();
        if needed.is_empty() {
            return missing;
        }
        needed.iter().for_each(|document| _ = missing.remove(document));
    }
}

fn is_folder_only(row: &Row, disk: &Disk) -> bool {
    row.hash.is_none() && disk.folders.contains(below(&row.path))
}

/// Returns the folder in which the files lie of what stands under the document whose file is at a path.
fn below(path: &str) -> &str {
    paths::without_ending(path, ENDING).unwrap_or(path)
}

/// What the folder changed.
fn from_folder(rows: &Rows, disk: &Disk, documents: &Documents, matched: &Matched<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    for (document, path) in &matched.at {
        let (Some(row), Some(found)) = (rows.get(document), disk.files.get(*path)) else { continue };
        if row.hash != Some(found.hash) {
            if !documents.contains_key(document) {
                steps.push(Step::Restore { document: *document });
            }
            if row.path == *path {
                steps.push(Step::Merge { document: *document, path: row.path.clone(), hash: found.hash });
            }
        }
        if row.path != *path && documents.contains_key(document) {
            steps.push(Step::Follow { document: *document, path: (*path).to_owned() });
        }
    }
    for path in &matched.fresh {
        let hash = disk.files.get(*path).map(|found| found.hash);
        steps.extend(hash.map(|hash| Step::Create { path: (*path).to_owned(), hash }));
    }
    steps.extend(folders(rows, disk, matched).into_iter().map(|path| Step::Folder { path }));
    // What others are to stand under comes first.
    steps.sort_by_key(|step| {
        let path = match step {
            Step::Folder { path } | Step::Follow { path, .. } | Step::Create { path, .. } => path.as_str(),
            _ => return (0, String::new()),
        };
        (1 + path.matches('/').count(), path.to_owned())
    });
    steps
}

/// Returns the folders that hold a file which is new there, and for which there is no document.
fn folders(rows: &Rows, disk: &Disk, matched: &Matched<'_>) -> BTreeSet<String> {
    let known: BTreeSet<&str> = rows
        .iter()
        .map(|(document, row)| below(matched.at.get(document).copied().unwrap_or(&row.path)))
        .chain(matched.fresh.iter().map(|path| below(path)))
        .collect();
    let is_new =
        |(document, path): &(&DocumentId, &&str)| rows.get(document).is_some_and(|row| row.path != **path);
    let moved = matched.at.iter().filter(is_new).map(|(_, path)| *path);
    let mut needed = BTreeSet::new();
    for path in matched.fresh.iter().copied().chain(moved) {
        let mut folder = paths::folder(path);
        while !folder.is_empty() {
            if !known.contains(folder) && disk.folders.contains(folder) {
                needed.insert(folder.to_owned());
            }
            folder = paths::folder(folder);
        }
    }
    needed
}

/// What the documents changed.
fn from_documents(
    rows: &Rows,
    disk: &Disk,
    documents: &Documents,
    matched: &Matched<'_>,
    waits: impl Fn(&DocumentId) -> bool,
) -> Vec<Step> {
    let (mut steps, mut naming) = (Vec::new(), Naming::of(rows, disk, documents));
    for (document, row) in rows.iter().filter(|(document, _)| !documents.contains_key(document)) {
        let found = matched.at.get(document).and_then(|path| Some((*path, disk.files.get(*path)?)));
        match found {
            Some((path, found)) if row.hash == Some(found.hash) => {
                steps.push(Step::Remove { document: *document, path: path.to_owned(), hash: found.hash });
            }
            Some(_) => {}
            None if disk.is_unclear(&row.path) => {}
            None => steps.push(Step::Forget { document: *document }),
        }
    }
    for document in naming.in_order() {
        let (Some(standing), to) = (documents.get(&document), naming.path_of(document)) else { continue };
        let row = rows.get(&document);
        let is_away = row.is_some_and(|row| disk.is_unclear(&row.path)) || waits(&document);
        if is_away || disk.is_unclear(&to) {
            continue;
        }
        let found = row.and_then(|row| disk.files.get(&row.path));
        if found.is_some_and(|found| row.and_then(|row| row.hash) != Some(found.hash)) {
            // What somebody wrote there and could not be brought into the document yet is not overwritten.
            continue;
        }
        let from = row.map(|row| row.path.as_str()).filter(|from| *from != to);
        let is_folder = row.is_some_and(|row| is_folder_only(row, disk) && standing.is_empty);
        if let (Some(from), true) = (from, found.is_some() || is_folder) {
            steps.push(Step::Rename { document, from: from.to_owned(), to: to.clone() });
        }
        let is_enough = if found.is_some() { !standing.is_changed } else { is_folder };
        if !is_enough {
            steps.push(Step::Write { document, path: to, over: found.map(|found| found.hash) });
        }
    }
    steps
}
