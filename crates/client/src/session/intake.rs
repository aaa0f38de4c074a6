//! What the relay sends, on its way into the store: a stream without gaps, one transaction at a time.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::{Entry, Millis, Seq};
use sheaf_protocol::frame::{Ack, Frame, Page, Present, Stretch};
use sheaf_protocol::limits;

use super::arrival::{Arrival, Storing, add};
use super::line::Phase;
use super::{Batch, Output, Session};

/// As many bytes as may wait for the store: two frames, however long. A replica that is slower reads pages instead, which
/// wait for it: there is never one here that was not asked for.
const WAITING: usize = 2 * limits::FRAME;

/// The incoming stream.
pub struct Intake {
    /// The epoch that the store holds.
    pub epoch: Option<Epoch>,
    /// The cursor that the store holds.
    pub cursor: Seq,
    /// The highest number of that epoch that was heard of.
    pub reach: Seq,
    /// The last number that this connection covered.
    pub position: Seq,
    /// The documents that the relay was asked to send first.
    pub first: Vec<DocumentId>,
    /// Snapshots that are stored while the cursor is still before them.
    pub held: BTreeMap<DocumentId, Seq>,
    waiting: VecDeque<Arrival>,
    weight: usize,
    storing: Option<Storing>,
    /// Documents whose copy here is not to be trusted.
    distrusted: BTreeSet<DocumentId>,
    /// One more of them, which this connection was asked for. What is said of it meanwhile counts after it has come.
    healing: Option<DocumentId>,
    /// Whether the next page of the log was asked for and has not come.
    log_due: bool,
    /// Whether the next page of what heals was.
    healing_due: bool,
}

impl Intake {
    /// Returns the stream that goes on from what the store holds.
    pub fn new(epoch: Option<Epoch>, cursor: Seq, reach: Seq) -> Self {
        Self {
            epoch,
            cursor,
            reach,
            position: cursor,
            first: Vec::new(),
            held: BTreeMap::new(),
            waiting: VecDeque::new(),
            weight: 0,
            storing: None,
            distrusted: BTreeSet::new(),
            healing: None,
            log_due: false,
            healing_due: false,
        }
    }

    /// Begins a connection's stream after this number, from a log that reaches to its head. What it lost, or another life
    /// of it numbered, it numbers anew: beyond that, nothing of what it sends is here.
    pub fn begin(&mut self, position: Seq, epoch: Epoch, head: Seq) {
        self.position = position;
        if self.epoch == Some(epoch) {
            self.cursor = position;
        } else {
            // The numbers that they reach through belong to the other life.
            self.held.clear();
        }
        self.reach = head;
    }

    /// Ends a connection's stream. What is being stored still will be.
    pub fn disconnect(&mut self) {
        self.waiting.clear();
        self.weight = 0;
        self.distrusted.extend(self.healing.take());
        (self.log_due, self.healing_due) = (false, false);
        if let Some(storing) = &mut self.storing {
            (storing.more, storing.presents) = (false, Vec::new());
        }
    }

    /// Notes that a document is to come again from its beginning.
    pub fn distrust(&mut self, document: DocumentId) {
        self.distrusted.insert(document);
    }

    /// Returns the next document to ask for, unless one is on its way.
    pub fn next_to_heal(&mut self) -> Option<DocumentId> {
        if self.healing.is_some() {
            return None;
        }
        self.healing = self.distrusted.pop_first();
        self.healing_due = self.healing.is_some();
        self.healing
    }

    /// Notes that the next page of the log was asked for.
    pub fn expect_page(&mut self) {
        self.log_due = true;
    }

    /// Says whether this page was asked for; it is not expected twice.
    fn was_asked_for(&mut self, backfill: Option<DocumentId>) -> bool {
        match backfill {
            None => std::mem::take(&mut self.log_due),
            Some(_) => self.healing == backfill && std::mem::take(&mut self.healing_due),
        }
    }

    /// Returns where people are, unless words that came before it are not stored yet: then it waits for them.
    pub fn hold(&mut self, present: Present) -> Option<Present> {
        let last = self.waiting.back_mut().map(|last| &mut last.presents);
        let storing = self.storing.as_mut().map(|storing| &mut storing.presents);
        let Some(held) = last.or(storing) else { return Some(present) };
        add(held, present);
        None
    }

    /// Says whether everything that came is stored.
    pub fn is_idle(&self) -> bool {
        self.storing.is_none() && self.waiting.is_empty()
    }

    /// Moves the cursor over acknowledged entries that directly follow it, when nothing else is about to move it.
    pub fn pass(&mut self, acks: &[Ack]) -> Option<Seq> {
        if !self.is_idle() || self.position > self.cursor {
            return None;
        }
        let before = self.cursor;
        for ack in acks {
            self.cursor += u64::from(ack.seq == self.cursor + 1);
        }
        (self.cursor > before).then_some(self.cursor)
    }

    fn queue(&mut self, arrival: Arrival) {
        self.weight += arrival.weight();
        self.waiting.push_back(arrival);
    }

    /// Walks over stretches; returns their entries, and the number that they reach, unless there is a hole, or they come
    /// twice or in another order.
    fn walk(&self, stretches: Vec<Stretch>) -> Option<(Vec<Entry>, Seq)> {
        let (mut entries, mut at) = (Vec::new(), self.position);
        for stretch in stretches {
            match stretch {
                Stretch::Skip(first, count) => {
                    if at.checked_add(1)? != first {
                        return None;
                    }
                    at = at.checked_add(count)?;
                }
                Stretch::Run(run) => {
                    for entry in run {
                        at = at.checked_add(1)?;
                        if entry.seq != at {
                            return None;
                        }
                        entries.push(entry);
                    }
                }
            }
        }
        Some((entries, at))
    }
}

impl Session {
    /// New entries of the log.
    pub(super) fn entries(&mut self, now: Millis, stretches: Vec<Stretch>, out: &mut Vec<Output>) {
        // What was on its way when we asked for pages comes again in them.
        if self.line.relay().map(|relay| relay.phase) != Some(Phase::Following) {
            return;
        }
        let Some((entries, through)) = self.intake.walk(stretches) else {
            return self.ask_for_pages(out);
        };
        self.intake.position = through;
        if entries.is_empty() && through <= self.intake.cursor {
            return;
        }
        self.intake.queue(Arrival::live(entries, through));
        if self.intake.weight > WAITING {
            self.hang_up(now, now, out);
        }
    }

    /// A page of a catch-up or backfill. One that nobody asked for is not taken, and ends the line: a relay that was asked
    /// for it all the same waits for a word that will not come.
    pub(super) fn page(&mut self, now: Millis, page: Page, out: &mut Vec<Output>) {
        let Page { backfill, snapshots, stretches, through, more, .. } = page;
        if !self.intake.was_asked_for(backfill) {
            return self.back_off(now, 0, out);
        }
        if backfill.is_some() {
            let runs = stretches
                .into_iter()
                .filter_map(|s| if let Stretch::Run(run) = s { Some(run) } else { None });
            let entries = runs.flatten().collect();
            let (heals, presents) = (!more, Vec::new());
            self.intake.queue(Arrival {
                entries,
                snapshots,
                through: None,
                more: Some(more),
                heals,
                presents,
            });
            return;
        }
        let Some((entries, reached)) = self.intake.walk(stretches).filter(|(_, at)| *at == through) else {
            return self.back_off(now, 0, out);
        };
        self.intake.position = reached;
        let (through, more_or_last, presents) = (Some(through), Some(more), Vec::new());
        self.intake.queue(Arrival {
            entries,
            snapshots,
            through,
            more: more_or_last,
            heals: false,
            presents,
        });
        if !more {
            self.line.enter(Phase::Following);
        }
    }

    /// Hands the store what waits, unless it is busy: a page, or all live entries together.
    pub(super) fn store_next(&mut self, out: &mut Vec<Output>) {
        let Some(epoch) = self.line.relay().map(|relay| relay.epoch) else { return };
        let intake = &mut self.intake;
        if intake.storing.is_some() {
            return;
        }
        let Some(mut next) = intake.waiting.pop_front() else { return };
        while next.more.is_none()
            && let Some(live) = intake.waiting.pop_front_if(|later| later.more.is_none())
        {
            next.entries.extend(live.entries);
            next.through = live.through;
            live.presents.into_iter().for_each(|present| add(&mut next.presents, present));
        }
        intake.weight -= next.weight();
        let Arrival { entries, snapshots, through, more, heals, presents } = next;
        let is_same_life = intake.epoch == Some(epoch);
        let cursor = through.map(|through| if is_same_life { through.max(intake.cursor) } else { through });
        let kept: Vec<_> = snapshots.iter().map(|it| (it.document, it.through)).collect();
        let numbers = entries.iter().map(|entry| entry.seq).chain(kept.iter().map(|(_, through)| *through));
        intake.reach = numbers.chain(cursor).fold(intake.reach, Seq::max);
        let more = more == Some(true);
        intake.storing = Some(Storing { epoch, cursor, snapshots: kept, more, heals, presents });
        out.push(Output::Store(Batch { entries, snapshots, cursor, epoch }));
    }

    /// What was handed to the store is durable.
    pub(super) fn stored(&mut self, out: &mut Vec<Output>) {
        let Some(stored) = self.intake.storing.take() else { return };
        self.line.backoff.reset();
        let Storing { epoch, cursor, snapshots, more, heals, presents } = stored;
        if let Some(cursor) = cursor {
            (self.intake.epoch, self.intake.cursor) = (Some(epoch), cursor);
            self.intake.held.extend(snapshots);
            self.intake.held.retain(|_, through| *through > cursor);
        }
        if heals {
            self.intake.healing = None;
        }
        self.show(presents, out);
        if let Some(link) = self.line.up().filter(|_| more) {
            if cursor.is_some() && self.intake.first != self.presence.open {
                // Somebody looks at another document meanwhile, and may be waiting for it.
                return self.ask_for_pages(out);
            }
            let due = if cursor.is_some() { &mut self.intake.log_due } else { &mut self.intake.healing_due };
            *due = true;
            out.push(Output::Send(link, Frame::More));
        }
    }

    /// The store could not write: what is in it counts, and the rest is read again later.
    pub(super) fn store_failed(
        &mut self,
        now: Millis,
        epoch: Option<Epoch>,
        cursor: Seq,
        out: &mut Vec<Output>,
    ) {
        self.intake.disconnect();
        let distrusted = std::mem::take(&mut self.intake.distrusted);
        self.intake = Intake { distrusted, ..Intake::new(epoch, cursor, self.intake.reach) };
        self.outbox.store_failed();
        self.back_off(now, 0, out);
    }
}
