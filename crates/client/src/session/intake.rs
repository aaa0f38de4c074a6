//! What the relay sends, on its way into the store: a stream without gaps, one transaction at a time.

use std::collections::{BTreeMap, VecDeque};

use sheaf_document::ids::{DocumentId, Epoch};
use sheaf_protocol::entry::{Entry, Millis, Seq};
use sheaf_protocol::frame::{Ack, Frame, Page, Snapshot, Stretch};
use sheaf_protocol::limits;

use super::line::Phase;
use super::{Batch, Output, Session};

/// As many bytes of live entries as may wait for the store: two frames, however long. A replica that is slower reads
/// pages instead, which wait for it.
const WAITING: usize = 2 * limits::FRAME;
/// What an entry weighs beside its bytes.
const ENTRY: usize = 256;

/// The incoming stream.
pub struct Intake {
    /// The epoch that the store holds.
    pub epoch: Option<Epoch>,
    /// The cursor that the store holds.
    pub cursor: Seq,
    /// The last number that this connection covered.
    pub position: Seq,
    /// Snapshots that are stored while the cursor is still before them.
    pub held: BTreeMap<DocumentId, Seq>,
    waiting: VecDeque<Arrival>,
    weight: usize,
    storing: Option<Storing>,
}

/// Something that becomes one transaction, or a part of one.
struct Arrival {
    entries: Vec<Entry>,
    snapshots: Vec<Snapshot>,
    /// The cursor after it; `None` for a backfill.
    through: Option<Seq>,
    /// Whether the relay waits for our word to send the next page; `None` when this is no page.
    more: Option<bool>,
}

/// What is in the store's hands.
struct Storing {
    epoch: Epoch,
    cursor: Option<Seq>,
    snapshots: Vec<(DocumentId, Seq)>,
    /// Whether the relay waits for our word to send the next page.
    more: bool,
}

impl Intake {
    /// Returns the stream that goes on from what the store holds.
    pub fn new(epoch: Option<Epoch>, cursor: Seq) -> Self {
        let (held, waiting) = (BTreeMap::new(), VecDeque::new());
        Self { epoch, cursor, position: cursor, held, waiting, weight: 0, storing: None }
    }

    /// Begins a connection's stream after this number.
    pub fn begin(&mut self, position: Seq) {
        self.position = position;
    }

    /// Ends a connection's stream. What is being stored still will be.
    pub fn disconnect(&mut self) {
        self.waiting.clear();
        self.weight = 0;
        if let Some(storing) = &mut self.storing {
            storing.more = false;
        }
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

    /// Walks over stretches; returns their entries, and the number that they reach, unless there is a hole.
    fn walk(&self, stretches: Vec<Stretch>) -> Option<(Vec<Entry>, Seq)> {
        let (mut entries, mut at) = (Vec::new(), self.position);
        for stretch in stretches {
            match stretch {
                Stretch::Skip(count) => at = at.checked_add(count)?,
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

impl Arrival {
    fn weight(&self) -> usize {
        self.entries.iter().map(|entry| entry.draft.bytes.len() + ENTRY).sum()
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
        self.intake.queue(Arrival { entries, snapshots: vec![], through: Some(through), more: None });
        if self.intake.weight > WAITING {
            self.hang_up(now, now, out);
        }
    }

    /// A page of a catch-up or backfill.
    pub(super) fn page(&mut self, now: Millis, page: Page, out: &mut Vec<Output>) {
        let Page { backfill, snapshots, stretches, through, more, .. } = page;
        if backfill.is_some() {
            let runs = stretches
                .into_iter()
                .filter_map(|s| if let Stretch::Run(run) = s { Some(run) } else { None });
            let entries = runs.flatten().collect();
            self.intake.queue(Arrival { entries, snapshots, through: None, more: Some(more) });
            return;
        }
        if self.line.relay().map(|relay| relay.phase) != Some(Phase::CatchingUp) {
            return;
        }
        let epoch = self.line.relay().map(|relay| relay.epoch);
        if self.intake.epoch.is_some() && self.intake.epoch != epoch && self.intake.is_idle() {
            // The new life begins at what the relay kept of ours: entries beyond lose their numbers before they, or
            // others, come under new ones.
            let through = Some(self.intake.position);
            self.intake.queue(Arrival { entries: vec![], snapshots: vec![], through, more: None });
        }
        let Some((entries, reached)) = self.intake.walk(stretches).filter(|(_, at)| *at == through) else {
            return self.back_off(now, 0, out);
        };
        self.intake.position = reached;
        self.intake.queue(Arrival { entries, snapshots, through: Some(through), more: Some(more) });
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
        }
        intake.weight -= next.weight();
        let Arrival { entries, snapshots, through, more } = next;
        let is_same_life = intake.epoch == Some(epoch);
        let cursor = through.map(|through| if is_same_life { through.max(intake.cursor) } else { through });
        let kept = snapshots.iter().map(|snapshot| (snapshot.document, snapshot.through)).collect();
        intake.storing = Some(Storing { epoch, cursor, snapshots: kept, more: more == Some(true) });
        out.push(Output::Store(Batch { entries, snapshots, cursor, epoch }));
    }

    /// What was handed to the store is durable.
    pub(super) fn stored(&mut self, out: &mut Vec<Output>) {
        let Some(Storing { epoch, cursor, snapshots, more }) = self.intake.storing.take() else { return };
        if let Some(cursor) = cursor {
            (self.intake.epoch, self.intake.cursor) = (Some(epoch), cursor);
            self.intake.held.extend(snapshots);
            self.intake.held.retain(|_, through| *through > cursor);
        }
        if let Some(link) = self.line.up().filter(|_| more) {
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
        self.intake = Intake::new(epoch, cursor);
        self.outbox.store_failed();
        self.back_off(now, 0, out);
    }
}
