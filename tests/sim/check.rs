//! What must be true at the end of every story.

use std::collections::BTreeMap;

use crate::disk::Name;
use crate::person::{Person, read};
use crate::world::{DOCUMENTS, FORBIDDEN, World};

/// Holds the world against every promise.
pub fn everything(world: &World) {
    the_log(world);
    what_was_saved(world);
    what_everyone_reads(world);
    who_sees_whom(world);
    what_was_sent(world);
}

fn the_log(world: &World) {
    let archive = &world.relay.archive;
    let mut times = BTreeMap::new();
    for (seq, entry) in (1..).zip(&archive.log) {
        assert_eq!(entry.seq, seq, "the log's numbers have no holes");
        let draft = &entry.draft;
        *times.entry((draft.author.replica, draft.counter, draft.hash)).or_insert(0) += 1;
        let is_saved = world.saved.contains(&(draft.document, draft.hash));
        assert!(is_saved, "the log holds only what somebody wrote");
    }
    for name in world.acked.iter().chain(&world.settled) {
        assert_eq!(
            times.get(name),
            Some(&1),
            "what was acknowledged is in the log, once: {name:?} {}",
            holders(world, name)
        );
    }
}

fn holders(world: &World, name: &Name) -> String {
    let held = |person: &Person| {
        let mut lines = person.disk.lines.iter().filter_map(|line| line.entry.as_ref());
        lines.any(|held| held.draft.hash == name.2).then(|| person.name.clone())
    };
    format!("held by {:?}", world.people.iter().filter_map(held).collect::<Vec<_>>())
}

fn what_was_saved(world: &World) {
    let mut hashes: Vec<_> = world.relay.archive.log.iter().map(|entry| entry.draft.hash).collect();
    hashes.sort_unstable();
    for (document, hash) in &world.saved {
        if *document == FORBIDDEN {
            let holds = |person: &Person| {
                let mut rows = person.disk.lines_of(*document).filter_map(|line| line.entry.as_ref());
                rows.any(|held| held.draft.hash == *hash)
            };
            assert!(world.people.iter().any(holds), "what was refused stays with its writer");
        } else {
            let is_there = hashes.binary_search(hash).is_ok();
            assert!(is_there, "what a replica called saved is in the log: {document} {hash:?}");
        }
    }
}

fn what_everyone_reads(world: &World) {
    let archive = &world.relay.archive;
    for document in DOCUMENTS.into_iter().filter(|document| *document != FORBIDDEN) {
        let text = read(archive.updates(document).iter());
        for person in &world.people {
            let is_folded = person.disk.came_folded(document);
            for entry in archive.log.iter().filter(|entry| !is_folded && entry.draft.document == document) {
                let holds = person.disk.holds(&entry.draft);
                assert!(holds, "{} has the cursor of everyone and lacks {:?}", person.name, entry.draft.hash);
            }
            assert!(person.text(document) == text, "{} reads what everyone reads", person.name);
        }
    }
}

/// Everyone has put their caret into the first document a while ago. Where people are is said once and never stored, so of
/// two such frames that were swapped the older one counts until somebody moves: a meddled world is not asked.
fn who_sees_whom(world: &World) {
    if world.is_meddled {
        return;
    }
    for (who, person) in world.people.iter().enumerate() {
        let eyes = &person.program.as_ref().expect("everyone is there at the end").eyes;
        let others: Vec<usize> = (0..world.people.len()).filter(|other| *other != who).collect();
        assert_eq!(eyes.carets_in(DOCUMENTS[0]), others, "{} sees the carets of the others", person.name);
        assert_eq!(eyes.people(), others.len(), "{} sees the others here, each once", person.name);
    }
}

fn what_was_sent(world: &World) {
    for person in &world.people {
        let allowed = 3 * person.written + person.allowed;
        assert!(
            person.pushed <= allowed,
            "{} pushed {} bytes for {} written: a storm of resends",
            person.name,
            person.pushed,
            person.written
        );
    }
}
