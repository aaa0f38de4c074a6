//! Entries in runs: what neighbours share is said once.
//!
//! A person typing makes entries that differ only in counter, time, seal and bytes, so they stand in groups under one
//! [heading](super::headings). Counters are told as the difference to the entry before in the group, times as the
//! difference to the entry before in the frame; both wrap around, so that no clock and no counter can make a frame
//! unwritable. The reader computes each entry's hash from its bytes, so that a hash always belongs to them.

use sheaf_document::ids::{ContentHash, Epoch};

use super::headings::{Headings, Matter};
use super::reader::Reader;
use super::writer::Writer;
use super::{Wire, WireError};
use crate::entry::{Author, Counter, Draft, Entry, Millis};
use crate::frame::Stretch;
use crate::limits;

/// The fewest bytes of an entry: counter, time, seal, length.
const LEAST_ENTRY: usize = 19;
/// The tag of numbers that do not follow as entries.
const SKIP: u8 = 0;
/// The tag of entries whose numbers follow each other.
const RUN: u8 = 1;

/// What entries of the log share.
#[derive(Clone, Copy, PartialEq)]
struct Heading {
    // Compared first: in a busy document it is the author who differs.
    author: Author,
    matter: Matter,
    epoch: Epoch,
}

impl Heading {
    fn of(entry: &Entry) -> Self {
        let Draft { document, kind, origin, flags, key_id, author, .. } = entry.draft;
        Self { matter: Matter { document, kind, origin, flags, key_id }, author, epoch: entry.epoch }
    }
}

/// What the entries of one frame are told relative to.
struct Telling {
    headings: Headings<Heading>,
    at: Millis,
}

impl Telling {
    fn new() -> Self {
        Self { headings: Headings::new(), at: 0 }
    }

    /// Appends the first number and the entries, which follow each other.
    fn write_run(&mut self, run: &[Entry], to: &mut Writer) {
        to.varint(run.first().map_or(0, |first| first.seq));
        for group in run.chunk_by(|a, b| Heading::of(a) == Heading::of(b)) {
            let Some(first) = group.first() else { continue };
            self.headings.write(Heading::of(first), to);
            to.varint(group.len() as u64);
            let mut counter: Counter = 0;
            for entry in group {
                to.varint(entry.draft.counter.wrapping_sub(counter));
                to.varint(entry.at.wrapping_sub(self.at));
                entry.seal.write(to);
                to.bytes(&entry.draft.bytes);
                counter = entry.draft.counter;
                self.at = entry.at;
            }
        }
    }

    /// Reads that many entries into `run`; hashes their bytes.
    fn read_run(&mut self, count: usize, from: &mut Reader, run: &mut Vec<Entry>) -> Result<(), WireError> {
        let first = from.varint()?;
        if count as u64 > u64::MAX - first {
            return Err(from.malformed("number of an entry"));
        }
        let mut numbers = first..first + count as u64;
        run.reserve(count);
        while !numbers.is_empty() {
            let Heading { matter, author, epoch } = self.headings.read(from)?;
            let group = from.count("entries", limits::ENTRIES, LEAST_ENTRY)?;
            if group == 0 || group as u64 > numbers.end - numbers.start {
                return Err(from.malformed("group of entries"));
            }
            let mut counter: Counter = 0;
            for seq in numbers.by_ref().take(group) {
                counter = from.counter(counter)?;
                self.at = self.at.wrapping_add(from.varint()?);
                let seal = Wire::read(from)?;
                let bytes = from.bytes("update", limits::UPDATE)?;
                let hash = ContentHash::of(&bytes);
                let Matter { document, kind, origin, flags, key_id } = matter;
                let draft = Draft { kind, document, author, counter, hash, origin, flags, key_id, bytes };
                run.push(Entry { epoch, seq, at: self.at, seal, draft });
            }
        }
        Ok(())
    }
}

/// Appends stretches of the log.
pub(super) fn write_stretches(stretches: &[Stretch], to: &mut Writer) {
    let mut telling = Telling::new();
    to.varint(stretches.len() as u64);
    for stretch in stretches {
        match stretch {
            Stretch::Skip(first, numbers) => {
                to.byte(SKIP);
                to.varint(*numbers);
                to.varint(*first);
            }
            Stretch::Run(run) => {
                to.byte(RUN);
                to.varint(run.len() as u64);
                telling.write_run(run, to);
            }
        }
    }
}

/// Reads stretches of the log.
pub(super) fn read_stretches(from: &mut Reader) -> Result<Vec<Stretch>, WireError> {
    let mut telling = Telling::new();
    let count = from.count("stretches", limits::ENTRIES, 2)?;
    let mut stretches = Vec::with_capacity(count);
    for _ in 0..count {
        stretches.push(match from.byte()? {
            SKIP => {
                let numbers = from.varint()?;
                Stretch::Skip(from.varint()?, numbers)
            }
            RUN => {
                let count = from.count("entries", limits::ENTRIES, LEAST_ENTRY)?;
                let mut run = Vec::new();
                telling.read_run(count, from, &mut run)?;
                Stretch::Run(run)
            }
            _ => return Err(from.malformed("stretch")),
        });
    }
    Ok(stretches)
}

/// Appends entries as runs: wherever a number does not follow the one before, a new run begins.
pub(super) fn write_runs(entries: &[Entry], to: &mut Writer) {
    let mut telling = Telling::new();
    let runs = || entries.chunk_by(|a, b| a.seq.checked_add(1) == Some(b.seq));
    to.varint(runs().count() as u64);
    for run in runs() {
        to.varint(run.len() as u64);
        telling.write_run(run, to);
    }
}

/// Reads entries that stand as runs.
pub(super) fn read_runs(from: &mut Reader) -> Result<Vec<Entry>, WireError> {
    let mut telling = Telling::new();
    let mut entries = Vec::new();
    for _ in 0..from.count("runs", limits::ENTRIES, LEAST_ENTRY)? {
        let count = from.count("entries", limits::ENTRIES - entries.len(), LEAST_ENTRY)?;
        telling.read_run(count, from, &mut entries)?;
    }
    Ok(entries)
}

/// About how many bytes these stretches take, rather too many than too few.
pub(super) fn room_for(stretches: &[Stretch]) -> usize {
    let run = |run: &Vec<Entry>| run.iter().map(|entry| entry.draft.bytes.len() + 24).sum::<usize>() + 160;
    let stretch = |stretch: &Stretch| match stretch {
        Stretch::Run(entries) => run(entries),
        Stretch::Skip(..) => 21,
    };
    stretches.iter().map(stretch).sum::<usize>() + 16
}

impl Wire for Heading {
    fn write(&self, to: &mut Writer) {
        self.matter.write(to);
        self.author.person.write(to);
        self.author.device.write(to);
        self.author.replica.write(to);
        self.epoch.write(to);
    }

    fn read(from: &mut Reader) -> Result<Self, WireError> {
        let matter = Wire::read(from)?;
        let author =
            Author { person: Wire::read(from)?, device: Wire::read(from)?, replica: Wire::read(from)? };
        Ok(Self { matter, author, epoch: Wire::read(from)? })
    }
}
