//! Hello and welcome: which log this is, and what it forgot.

use sheaf_document::ids::Epoch;
use sheaf_protocol::entry::{Entry, Millis, Seq};
use sheaf_protocol::frame::{CatchUp, Frame, Hello, Welcome};
use sheaf_protocol::secret::Secret;

use super::line::{Phase, Relay};
use super::{Link, Output, Session};

/// When entries that are still without a number are brought back again; twice as long each time.
const RECALL: Millis = 15_000;
/// How often that is done on one connection. Some never get a number, because a snapshot holds them.
const RECALLS: u32 = 5;
/// How long the others have to bring back what a folding here holds; up to twice that, so that not all who hold it write
/// it anew.
const UNFOLD: Millis = 60_000;
/// As many bytes of entries as one frame brings back, unless it is a single entry.
const BRING: usize = 1024 * 1024;

impl Session {
    /// The socket is open.
    pub(super) fn connected(
        &mut self,
        now: Millis,
        link: Link,
        token: Option<Secret>,
        out: &mut Vec<Output>,
    ) {
        if self.line.link() != Some(link) {
            return out.push(Output::Close(link));
        }
        self.line.greet(now);
        let offer = self.setup.offer;
        let hello = Hello {
            versions: offer.versions,
            features: offer.features,
            schemas: offer.schemas,
            token,
            workspace: self.setup.workspace,
            replica: self.replica,
            epoch: self.intake.epoch,
            cursor: self.intake.cursor,
            trace: self.line.backoff.chance(),
        };
        out.push(Output::Send(link, Frame::Hello(hello)));
    }

    /// The relay let us in and said which log it keeps.
    pub(super) fn welcomed(&mut self, now: Millis, welcome: Welcome, out: &mut Vec<Output>) {
        if !self.line.is_greeting() {
            return;
        }
        let Welcome { epoch, lineage, head, .. } = welcome;
        let ours = self.intake.epoch;
        // It numbered more than it holds: it lost its end, and what stands there by now may be anybody's.
        let is_shorter = ours == Some(epoch) && head < self.intake.reach;
        let kept = kept(ours, epoch, &lineage).filter(|_| !is_shorter);
        let since = kept.map_or(0, |kept| kept.min(self.intake.cursor));
        if ours.is_some() && kept.is_none() {
            out.push(Output::SetApart { epoch });
            self.intake.held.clear();
        }
        self.line.lineage = lineage;
        self.line.welcome(Relay { epoch, head, phase: Phase::CatchingUp });
        (self.line.recall_at, self.line.recalls) = (Some(now), 0);
        self.line.unfold_at = Some(now + UNFOLD + self.setup.seed % UNFOLD);
        self.intake.begin(since, epoch, head);
        if ours == Some(epoch) && since == head && !is_shorter {
            self.line.enter(Phase::Following);
        } else if ours.is_some_and(|ours| ours != epoch) {
            // Also when the cursor is not beyond what was kept: acks may be.
            self.line.enter(Phase::Recalling);
            self.read_forgotten(0, out);
        } else {
            self.ask_for_pages(out);
        }
        self.say_open(out);
    }

    /// Brings back what the relay forgot, then reads on from what it kept.
    pub(super) fn forgotten(
        &mut self,
        now: Millis,
        entries: Vec<Entry>,
        next: Option<u64>,
        out: &mut Vec<Output>,
    ) {
        let Some(phase) = self.line.relay().map(|relay| relay.phase) else { return };
        // However many pages they fill, they are brought back once.
        let is_first = self.line.recall_at.is_none();
        if phase == Phase::Following && !entries.is_empty() && is_first && self.line.recalls < RECALLS {
            self.line.recall_at = Some(now + (RECALL << self.line.recalls));
            self.line.recalls += 1;
        }
        self.bring_back(entries, out);
        match next {
            Some(after) => self.read_forgotten(after, out),
            None if phase == Phase::Recalling => self.ask_for_pages(out),
            None => {}
        }
    }

    /// Asks the store for what the relay forgot, of whatever life: a log that was restored twice may lack what it kept
    /// the first time.
    fn read_forgotten(&self, after: u64, out: &mut Vec<Output>) {
        out.extend(self.kept().map(|kept| Output::ReadForgotten { kept, after }));
    }

    /// Returns how much the relay keeps of each life of its log, the oldest first.
    fn kept(&self) -> Option<Vec<(Epoch, Seq)>> {
        let relay = self.line.relay()?;
        // What is numbered beyond the head that the welcome told is forgotten, until more comes.
        let present = if relay.phase == Phase::Recalling { relay.head } else { Seq::MAX };
        let lives = self.line.lineage.iter().rev().copied();
        Some(lives.chain([(relay.epoch, present)]).collect())
    }

    /// Brings back again what a restored relay could not take: it may have built on something that only another replica
    /// holds, and that has arrived since.
    pub(super) fn recall(&mut self, now: Millis, out: &mut Vec<Output>) {
        let is_live = self.line.relay().is_some_and(|relay| relay.phase == Phase::Following);
        if !is_live || !self.intake.is_idle() {
            return;
        }
        if self.line.recall_at.take_if(|at| *at <= now).is_some() {
            self.read_forgotten(0, out);
        }
        if self.outbox.is_idle() && self.line.unfold_at.take_if(|at| *at <= now).is_some() {
            out.extend(self.kept().map(|kept| Output::Unfold { kept }));
        }
    }

    /// Sends sealed entries, in frames of bounded size.
    pub(super) fn bring_back(&mut self, entries: Vec<Entry>, out: &mut Vec<Output>) {
        let Some(link) = self.line.up() else { return };
        let mut frame = Vec::new();
        let mut bytes = 0;
        for entry in entries {
            let size = entry.draft.bytes.len();
            if bytes + size > BRING && !frame.is_empty() {
                out.push(Output::Send(link, Frame::BringBack(std::mem::take(&mut frame))));
                bytes = 0;
            }
            bytes += size;
            frame.push(entry);
        }
        if !frame.is_empty() {
            out.push(Output::Send(link, Frame::BringBack(frame)));
        }
    }

    /// Asks for everything after what has been received.
    pub(super) fn ask_for_pages(&mut self, out: &mut Vec<Output>) {
        let Some(link) = self.line.up() else { return };
        self.line.enter(Phase::CatchingUp);
        self.intake.expect_page();
        self.intake.first.clone_from(&self.presence.open);
        let request = CatchUp {
            since: self.intake.position,
            held: self.intake.held.iter().map(|(&document, &through)| (document, through)).collect(),
            first: self.presence.open.clone(),
        };
        out.push(Output::Send(link, Frame::CatchUp(request)));
    }

    /// Asks for a document from its beginning whose copy here is not to be trusted, one at a time.
    pub(super) fn heal(&mut self, out: &mut Vec<Output>) {
        if let Some(link) = self.line.up()
            && let Some(document) = self.intake.next_to_heal()
        {
            out.push(Output::Send(link, Frame::Backfill(document)));
        }
    }
}

/// Returns the last number of our epoch that the relay says it still holds, if it knows of our epoch.
fn kept(ours: Option<Epoch>, theirs: Epoch, lineage: &[(Epoch, Seq)]) -> Option<Seq> {
    let present = (theirs, Seq::MAX);
    let mut lives = lineage.iter().chain([&present]);
    lives.find(|(epoch, _)| Some(*epoch) == ours).map(|(_, kept)| *kept)
}
