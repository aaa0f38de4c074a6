//! What waits to be written to one connection: one bounded buffer, filled by anyone, emptied by the connection's task.
//!
//! Frames for many come encoded and are appended as they are. A frame for one comes as a closure, which the connection's
//! task runs when it writes, so that encoding a large page never holds up whoever sends it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

/// The connection does not read fast enough; nothing was appended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

/// Makes the bytes of a frame when they are wanted.
pub type Later = Box<dyn FnOnce() -> Bytes + Send>;

/// The outgoing buffer of a connection.
pub struct Outgoing {
    limit: usize,
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Default)]
struct Waiting {
    pieces: VecDeque<Piece>,
    /// Bytes in `pieces`, as far as they are known.
    weight: usize,
    /// Bytes that the task has taken and the line has not.
    taken: usize,
    /// Whether a large frame, which does not count, is in `pieces`, and whether one was taken.
    large: bool,
    large_taken: bool,
    /// Something was refused for want of room.
    overfull: bool,
    last: bool,
    paused: bool,
}

enum Piece {
    Line(Vec<u8>),
    Later(Later),
}

impl Outgoing {
    /// Makes a buffer that takes frames as long as fewer than `limit` bytes wait. One frame of over half of that, such as
    /// a long page, is not counted: a peer is not slow because it was sent something large.
    pub fn new(limit: usize) -> Self {
        Self { limit, waiting: Mutex::default(), wake: Notify::new() }
    }

    /// Appends finished frames and wakes the connection.
    pub fn push(&self, line: &[u8]) -> Result<(), Full> {
        self.admit(line.len(), |waiting| waiting.append(line))
    }

    /// Appends a frame of about `weight` bytes that is made when it is written.
    pub fn push_later(&self, weight: usize, frame: Later) -> Result<(), Full> {
        self.admit(weight, |waiting| waiting.pieces.push_back(Piece::Later(frame)))
    }

    /// Ends the connection with these last words. What waits before them goes to a peer that kept up; one that did not
    /// has to ask again anyhow.
    pub fn finish(&self, line: &[u8]) {
        let mut waiting = self.lock();
        if !waiting.last {
            if waiting.overfull {
                waiting.pieces.clear();
            }
            waiting.append(line);
            waiting.last = true;
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Stops or resumes reading from the connection.
    pub fn pause(&self, paused: bool) {
        self.lock().paused = paused;
        self.wake.notify_one();
    }

    /// Takes all that waits, and whether nothing will follow. What was taken before counts as written.
    pub(super) fn take(&self) -> (Vec<u8>, bool) {
        let mut waiting = self.lock();
        let pieces = std::mem::take(&mut waiting.pieces);
        waiting.taken = std::mem::take(&mut waiting.weight);
        waiting.large_taken = std::mem::take(&mut waiting.large);
        let last = waiting.last;
        drop(waiting);
        let mut line = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Line(bytes) if line.is_empty() => line = bytes,
                Piece::Line(bytes) => line.extend_from_slice(&bytes),
                Piece::Later(frame) => line.extend_from_slice(&frame()),
            }
        }
        (line, last)
    }

    /// Says whether nothing more shall be read.
    pub(super) fn is_paused(&self) -> bool {
        self.lock().paused
    }

    /// Waits until something has changed.
    pub(super) async fn changed(&self) {
        self.wake.notified().await;
    }

    fn admit(&self, weight: usize, append: impl FnOnce(&mut Waiting)) -> Result<(), Full> {
        let mut waiting = self.lock();
        if waiting.weight + waiting.taken >= self.limit {
            waiting.overfull = true;
            return Err(Full);
        }
        if !waiting.last {
            append(&mut waiting);
            let uncounted = weight > self.limit / 2 && !waiting.large && !waiting.large_taken;
            waiting.large |= uncounted;
            waiting.weight += if uncounted { 0 } else { weight };
        }
        drop(waiting);
        self.wake.notify_one();
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn append(&mut self, line: &[u8]) {
        match self.pieces.back_mut() {
            Some(Piece::Line(bytes)) => bytes.extend_from_slice(line),
            _ => self.pieces.push_back(Piece::Line(line.to_vec())),
        }
    }
}
