//! One story: people write while everything goes wrong, then nothing goes wrong any more, and all must be well.

use std::collections::BTreeMap;

use sheaf_client::session::{self, Status};
use sheaf_protocol::entry::Millis;

use crate::disk::Name;
use crate::person::{Person, read};
use crate::world::{DOCUMENTS, Event, FORBIDDEN, World};

/// How long everything may take to settle once the faults have stopped.
const SETTLES_WITHIN: Millis = 240_000;

/// Something that people or fate do.
#[derive(Debug, Clone, Copy)]
enum Act {
    Write,
    Cut,
    Crash,
    CrashRelay,
    Copy,
    Slow,
    Backup,
    Restore,
    Retry,
}

/// Plays a seed's story to its end; panics where something is lost, doubled or never settles.
pub fn play(world: &mut World) {
    let until = world.now + world.chance.between(5_000, 40_000);
    while world.now < until {
        let pause = world.chance.between(1, 700);
        world.run_until(world.now + pause);
        let act = match world.chance.between(0, 1_000) {
            0..800 => Act::Write,
            800..880 => Act::Cut,
            880..920 => Act::Crash,
            920..940 => Act::CrashRelay,
            940..948 => Act::Copy,
            948..960 => Act::Slow,
            960..975 => Act::Backup,
            975..985 => Act::Restore,
            _ => Act::Retry,
        };
        perform(world, act);
    }
    settle(world);
    check(world);
}

fn perform(world: &mut World, act: Act) {
    let who = world.chance.between(0, world.people.len() as u64) as usize;
    if !matches!(act, Act::Write) {
        world.faults.push(format!("{} {act:?} {}", world.now % 1_000_000, world.people[who].name));
    }
    match act {
        Act::Write => {
            let document = if world.chance.percent(3) { 3 } else { world.chance.between(0, 3) as usize };
            for _ in 0..world.chance.between(1, 4) {
                world.write(who, DOCUMENTS[document]);
            }
        }
        Act::Cut => world.cut_line_of(who),
        Act::Crash => {
            world.crash(who);
            world.soon(4_000, Event::Start(who));
        }
        Act::CrashRelay => world.crash_relay(),
        Act::Copy if world.people.len() < 8 => {
            let original = &world.people[who];
            let mut copy = Person::new(&format!("{}'s copy", original.name), original.disk.clone());
            copy.written = copy.waiting();
            world.people.push(copy);
            world.soon(2_000, Event::Start(world.people.len() - 1));
        }
        Act::Copy => {}
        Act::Slow => world.slow(who),
        Act::Backup => world.relay.backup = Some(world.relay.archive.clone()),
        Act::Restore => world.restore(),
        Act::Retry => retry(world, who),
    }
}

/// A person settles their forks by "try again".
fn retry(world: &mut World, who: usize) {
    let person = &mut world.people[who];
    person.disk.stuck.clear();
    // Each attempt is pushed, and twice more after what is lacking was brought back.
    person.allowed += 3 * person.waiting();
    world.tell(who, session::Input::Retry);
}

fn settle(world: &mut World) {
    world.is_faulty = false;
    for who in 0..world.people.len() {
        world.start(who);
    }
    let until = world.now + SETTLES_WITHIN;
    while !is_settled(world) {
        assert!(world.now < until, "it did not settle:\n{}", standing(world));
        world.run_until(world.now + 1_000);
        for who in 0..world.people.len() {
            let is_stuck = world.people[who].disk.stuck.iter().any(|document| *document != FORBIDDEN);
            if is_stuck && world.chance.percent(20) {
                retry(world, who);
            }
        }
    }
}

fn is_settled(world: &World) -> bool {
    let archive = &world.relay.archive;
    world.people.iter().all(|person| {
        let disk = &person.disk;
        let status = person.program.as_ref().and_then(|program| program.status.as_ref());
        let is_level = disk.cursor == archive.head() && disk.epoch == Some(archive.epoch);
        is_level
            && disk.unnumbered().all(|draft| archive.holds(draft))
            && status == Some(&Status::Synced)
            && disk.outbox.iter().all(|row| disk.lines[*row].document == FORBIDDEN)
    })
}

fn standing(world: &World) -> String {
    let mut lines = vec![format!("relay: head {}, up {}", world.head(), world.relay.room.is_some())];
    for person in &world.people {
        let (disk, status) =
            (&person.disk, person.program.as_ref().and_then(|program| program.status.clone()));
        let waiting = disk.outbox.iter().map(|row| disk.lines[*row].document).collect::<Vec<_>>();
        lines.push(format!(
            "{}: cursor {}, epoch is the relay's: {}, outbox {waiting:?}, stuck {:?}, {status:?}",
            person.name,
            disk.cursor,
            disk.epoch == Some(world.relay.archive.epoch),
            disk.stuck
        ));
    }
    lines.join("\n")
}

fn holders(world: &World, name: &Name) -> String {
    let held = |person: &Person| {
        let mut lines = person.disk.lines.iter().filter_map(|line| line.entry.as_ref());
        lines.any(|held| held.draft.hash == name.2).then(|| person.name.clone())
    };
    format!("held by {:?}", world.people.iter().filter_map(held).collect::<Vec<_>>())
}

fn check(world: &World) {
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
    let mut hashes: Vec<_> = archive.log.iter().map(|entry| entry.draft.hash).collect();
    hashes.sort_unstable();
    for (document, hash) in world.saved.iter().filter(|(document, _)| *document != FORBIDDEN) {
        let is_there = hashes.binary_search(hash).is_ok();
        assert!(is_there, "what a replica called saved is in the log: {document} {hash:?}");
    }
    for (document, hash) in world.saved.iter().filter(|(document, _)| *document == FORBIDDEN) {
        let holds = |person: &Person| {
            let mut rows = person.disk.lines.iter().filter_map(|line| line.entry.as_ref());
            rows.any(|held| held.draft.document == *document && held.draft.hash == *hash)
        };
        assert!(world.people.iter().any(holds), "what was refused stays with its writer");
    }
    for document in DOCUMENTS.into_iter().filter(|document| *document != FORBIDDEN) {
        let text = read(archive.updates(document).iter());
        for person in &world.people {
            let folded =
                person.disk.lines.iter().any(|line| line.document == document && line.entry.is_none());
            for entry in archive.log.iter().filter(|entry| !folded && entry.draft.document == document) {
                let holds = person.disk.holds(&entry.draft);
                assert!(holds, "{} has the cursor of everyone and lacks {entry:?}", person.name);
            }
            assert_eq!(person.text(document), text, "{} reads what everyone reads", person.name);
        }
    }
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
