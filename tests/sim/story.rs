//! One story: people write while everything goes wrong, then nothing goes wrong any more, and all must be well.

use sheaf_client::session;

use crate::check;
use crate::person::Person;
use crate::settle;
use crate::world::{DOCUMENTS, Event, World};

/// One world in so many has long pastes, which take time to play.
const HEAVY: u64 = 40;
/// In so many worlds of a hundred most of what people do is to move documents about.
const TIDY: u64 = 30;
/// As many bytes are pasted in one story at most.
const PASTED: usize = 11_000_000;

/// Something that people or fate do.
#[derive(Debug, Clone, Copy)]
enum Act {
    Write,
    Tend,
    Look,
    Paste,
    Cut,
    StandStill,
    Slow,
    Crash,
    CrashRelay,
    Copy,
    Backup,
    Restore,
    PutBack,
    Distrust,
    Retry,
}

/// Plays a seed's story to its end; panics where something is lost, doubled or never settles.
pub fn play(world: &mut World) {
    let is_heavy = world.chance.between(0, HEAVY) == 0;
    // Some teams write, and some put their tree in order day and night.
    let tends = if world.chance.percent(TIDY) { 500 } else { 60 };
    let mut pasted = 0;
    let until = world.now + world.chance.between(5_000, 40_000);
    while world.now < until {
        let pause = world.chance.between(1, 700);
        world.run_until(world.now + pause);
        let act = match world.chance.between(0, 1_000) {
            pick @ 0..720 if pick < tends => Act::Tend,
            0..720 => Act::Write,
            720..800 => Act::Look,
            800..808 => Act::Paste,
            808..870 => Act::Cut,
            870..885 => Act::StandStill,
            885..890 => Act::Slow,
            890..920 => Act::Crash,
            920..940 => Act::CrashRelay,
            940..948 => Act::Copy,
            948..965 => Act::Backup,
            965..971 => Act::Restore,
            971..975 => Act::PutBack,
            975..985 => Act::Distrust,
            _ => Act::Retry,
        };
        if let Act::Paste = act {
            let len = length(world, is_heavy);
            pasted += len;
            if pasted > PASTED {
                continue;
            }
            perform(world, act, len);
        } else {
            perform(world, act, 0);
        }
    }
    settle::down(world);
    check::everything(world);
}

/// Returns how much is pasted: more than a slow reader's buffer, more than one message, or more than the relay leaves
/// unanswered.
fn length(world: &mut World, is_heavy: bool) -> usize {
    let (from, to) = match (is_heavy, world.chance.percent(15)) {
        (false, _) => (1_000, 9_000),
        (true, false) => (250_000, 900_000),
        (true, true) => (8_500_000, 9_000_000),
    };
    world.chance.between(from, to) as usize
}

fn perform(world: &mut World, act: Act, len: usize) {
    let who = world.chance.between(0, world.people.len() as u64) as usize;
    let document = DOCUMENTS[world.chance.between(0, 3) as usize];
    if !matches!(act, Act::Write | Act::Tend | Act::Look) {
        world.faults.push(format!("{} {act:?} {}", world.now % 1_000_000, world.people[who].name));
    }
    match act {
        Act::Write => {
            let document = if world.chance.percent(3) { DOCUMENTS[3] } else { document };
            for _ in 0..world.chance.between(1, 4) {
                world.write(who, document);
            }
        }
        Act::Tend => {
            for _ in 0..world.chance.between(1, 4) {
                world.tend(who);
            }
        }
        Act::Look => world.look_at(who, document),
        Act::Paste => world.paste(who, document, len),
        Act::Cut => world.cut_line_of(who),
        Act::StandStill => world.stand_still(who),
        Act::Slow => world.slow(who),
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
        Act::Backup => world.relay.backup = Some(world.relay.archive.clone()),
        Act::Restore => world.restore(),
        Act::PutBack => world.put_back(),
        Act::Distrust => world.tell(who, session::Input::Distrust(document)),
        Act::Retry => settle::retry(world, who),
    }
}
