//! What must be true at the end of every story.

use std::collections::BTreeMap;

use sheaf_document::ids::ContentHash;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::{Decoded, PlaceWrite, Record};

use crate::disk::Name;
use crate::person::{Person, STREAM, read};
use crate::tree;
use crate::world::{DOCUMENTS, FORBIDDEN, World};

/// Holds the world against every promise.
pub fn everything(world: &World) {
    the_log(world);
    what_was_saved(world);
    what_everyone_reads(world);
    the_tree(world);
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
        let is_there = hashes.binary_search(hash).is_ok();
        let is_refused = |person: &Person| {
            let mut rows = person.disk.refused.keys().map(|place| &person.disk.lines[*place].bytes);
            rows.any(|bytes| ContentHash::of(bytes) == *hash)
        };
        if *document == FORBIDDEN {
            let holds = |person: &Person| {
                let mut rows = person.disk.lines_of(*document).filter_map(|line| line.entry.as_ref());
                rows.any(|held| held.draft.hash == *hash)
            };
            assert!(world.people.iter().any(holds), "what was refused stays with its writer");
        } else if *document == STREAM {
            let is_known = is_there || world.people.iter().any(is_refused);
            assert!(is_known, "a record is in the log, or its writer heard why not: {hash:?}");
        } else {
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

/// Everyone shows one tree, which is the relay's, and every document that was ever put somewhere is in it.
fn the_tree(world: &World) {
    let archive = &world.relay.archive;
    let records = archive.records();
    let places = tree::places(&records);
    let met = tree::from_the_top(&records);
    // What a restored relay did not get back in the old order may not reach the top; it is shown apart.
    let is_whole = !archive.is_whole || met.len() == places.len();
    assert!(is_whole, "whatever the relay took can be found from the top: {met:?} of {places:?}");
    for entry in archive.log.iter().filter(|entry| entry.draft.document == STREAM) {
        if let Ok(Decoded::Known(Record::Place(PlaceWrite { document, position: Some(_), .. }))) =
            Record::decode(&entry.draft.bytes)
        {
            assert!(places.contains_key(&document), "what was put somewhere is somewhere: {document}");
        }
    }
    for person in &world.people {
        let disk = &person.disk;
        assert!(
            disk.agreed() == records,
            "{} has the tree of everyone:\n{:?}\n{:?}",
            person.name,
            disk.agreed().rows().collect::<Vec<_>>(),
            records.rows().collect::<Vec<_>>()
        );
        assert!(disk.shown() == records, "and nothing of {} is still on its way", person.name);
        for (place, code) in &disk.refused {
            let draft = disk.lines[*place].entry.as_ref().map(|held| &held.draft);
            assert!(draft.is_some_and(|draft| !archive.holds(draft)), "what was refused is not in the log");
            let is_a_rule = [Code::CYCLE, Code::NO_PARENT, Code::INVALID].contains(code);
            assert!(is_a_rule, "{} may not do what a rule forbids, and {code:?} is none", person.name);
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
