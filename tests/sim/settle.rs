//! The end of every story: nothing goes wrong any more, and within a while everyone must be level with the relay.

use sheaf_client::session::{self, Status};
use sheaf_protocol::entry::{Entry, Millis};

use crate::disk::Disk;
use crate::world::{DOCUMENTS, FORBIDDEN, World};

/// How long everything may take to settle once the faults have stopped.
const WITHIN: Millis = 240_000;
/// How long a session leaves it to others to bring back what came folded to its replica, at most.
const UNFOLDED: Millis = 130_000;
/// How long it takes until everyone sees who is where, and that those who left are gone.
const SEEN_WITHIN: Millis = 5_000;

/// Lets the world come to rest: twice, because in between some copies turn out to be damaged while lines are cut.
pub fn down(world: &mut World) {
    world.is_faulty = false;
    for who in 0..world.people.len() {
        world.start(who);
        world.lines_of(who).into_iter().for_each(|conn| world.reads_on(conn));
    }
    wait(world);
    damage(world);
    wait(world);
    // By then whoever holds what came folded before the relay was restored has written it anew, if nobody else has.
    if world.chance.percent(25) && !world.relay.archive.is_whole {
        world.run_until(world.now + UNFOLDED);
        wait(world);
    }
    for who in 0..world.people.len() {
        world.look_at(who, DOCUMENTS[0]);
    }
    world.run_until(world.now + SEEN_WITHIN);
}

/// A person settles their forks and what was refused of the tree by "try again".
pub fn retry(world: &mut World, who: usize) {
    let person = &mut world.people[who];
    person.disk.stuck.clear();
    person.disk.refused.clear();
    // Each attempt is pushed, and twice more after what is lacking was brought back.
    person.allowed += 3 * person.waiting();
    world.tell(who, session::Input::Settled);
}

fn wait(world: &mut World) {
    let until = world.now + WITHIN;
    while !is_level(world) {
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

/// Some copies of documents can no longer be read, and their replicas ask for them from the beginning, whether or not
/// their line has just been cut.
fn damage(world: &mut World) {
    for who in 0..world.people.len() {
        if world.chance.percent(30) {
            let document = DOCUMENTS[world.chance.between(0, 3) as usize];
            world.people[who].disk.damage(document);
            world.faults.push(format!("at the end damage {} {document}", world.people[who].name));
            if world.chance.percent(50) {
                world.cut_line_of(who);
                world.run_until(world.now + 500);
            }
            world.tell(who, session::Input::Distrust(document));
            if world.chance.percent(50) {
                let pause = world.chance.between(1, 200);
                world.run_until(world.now + pause);
                world.cut_line_of(who);
            }
        }
    }
}

fn is_level(world: &World) -> bool {
    let archive = &world.relay.archive;
    world.people.iter().enumerate().all(|(who, person)| {
        let disk = &person.disk;
        let status = person.program.as_ref().and_then(|program| program.status.as_ref());
        let is_level = disk.cursor == archive.head() && disk.epoch == Some(archive.epoch);
        is_level
            && lost(world, disk).all(|entry| disk.holds(&entry.draft))
            && disk.acknowledged().all(|draft| archive.holds(draft))
            && status == Some(&Status::Synced)
            && !world.lines_of(who).is_empty()
            && disk
                .outbox
                .iter()
                .all(|row| disk.lines[*row].document == FORBIDDEN || disk.refused.contains_key(row))
    })
}

/// Returns what must come again because it could not be read any more.
fn lost<'a>(world: &'a World, disk: &Disk) -> impl Iterator<Item = &'a Entry> + use<'a> {
    let damaged = disk.damaged();
    world.relay.archive.log.iter().filter(move |entry| damaged.contains(&entry.draft.document))
}

fn standing(world: &World) -> String {
    let relay = &world.relay;
    let mut lines = vec![format!("relay: head {}, up {}", relay.archive.head(), relay.room.is_some())];
    for (who, person) in world.people.iter().enumerate() {
        let (disk, status) =
            (&person.disk, person.program.as_ref().and_then(|program| program.status.clone()));
        let waiting = disk.outbox.iter().map(|row| disk.lines[*row].document).collect::<Vec<_>>();
        lines.push(format!(
            "{}: cursor {}, epoch is the relay's: {}, outbox {waiting:?}, stuck {:?}, refused {:?}, damaged {:?}, {status:?}",
            person.name,
            disk.cursor,
            disk.epoch == Some(relay.archive.epoch),
            disk.stuck,
            disk.refused,
            disk.damaged(),
        ));
        for draft in disk.acknowledged().filter(|draft| !relay.archive.holds(draft)) {
            let (document, counter) = (draft.document, draft.counter);
            lines.push(format!("  {document} {counter} was acknowledged, and the relay lacks it"));
        }
        for entry in lost(world, disk).filter(|entry| !disk.holds(&entry.draft)) {
            lines.push(format!("  {} {} was damaged and is not here again", entry.draft.document, entry.seq));
        }
        if world.lines_of(who).is_empty() {
            lines.push("  there is no line".to_owned());
        }
    }
    lines.join("\n")
}
