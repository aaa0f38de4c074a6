//! A connection's seat in a room: where its frames go, and how they become bytes.

use std::sync::Arc;

use bytes::Bytes;
use sheaf_document::ids::ReplicaId;
use sheaf_protocol::frame::{Answer, Frame, Goodbye, Page, Stretch};
use sheaf_protocol::problem::Code;
use sheaf_protocol::{codec, cut, pack};

use crate::accounts::tokens::Bearer;
use crate::websocket::{Close, Full, Outgoing, close_line, framed};

/// One connection as the writer sees it.
pub(super) struct Seat {
    /// Who it is.
    pub bearer: Bearer,
    /// The copy that it speaks for.
    pub replica: ReplicaId,
    /// What waits for it.
    pub outgoing: Arc<Outgoing>,
    /// Whether its pages may be packed.
    pub packs: bool,
}

impl Seat {
    /// Sends a frame to this connection only; its own task encodes it.
    pub fn send(&self, frame: Frame) -> Result<(), Full> {
        let (packs, weight) = (self.packs, weight(&frame));
        let encode = move || {
            let bytes = codec::encode(&frame);
            line(if packs { pack::pack(bytes) } else { bytes })
        };
        self.outgoing.push_later(weight, Box::new(encode))
    }
}

/// Returns a frame as it goes over every receiver's line.
pub(super) fn line(frame: Bytes) -> Bytes {
    framed(cut::cut(frame))
}

/// Returns a last frame and the end of the WebSocket.
pub(super) fn ending(frame: &Frame) -> Vec<u8> {
    let mut last = line(codec::encode(frame)).to_vec();
    last.extend(close_line(Close::Normal));
    last
}

/// Returns a goodbye and the end of the WebSocket.
pub(crate) fn last_words(code: Code, again_after_ms: Option<u32>) -> Vec<u8> {
    ending(&Frame::Goodbye(Goodbye { code, again_after_ms }))
}

/// Returns about how many bytes a frame will be.
fn weight(frame: &Frame) -> usize {
    let answer = |answer: &Answer| match answer {
        Answer::Missing { have, .. } => have.len() + 32,
        _ => 80,
    };
    match frame {
        Frame::Answers(answers) => answers.iter().map(answer).sum(),
        Frame::Entries(stretches) => stretches.iter().map(stretch).sum(),
        Frame::Page(Page { snapshots, stretches, .. }) => {
            snapshots.iter().map(|snapshot| snapshot.bytes.len()).sum::<usize>()
                + stretches.iter().map(stretch).sum::<usize>()
        }
        _ => 256,
    }
}

fn stretch(stretch: &Stretch) -> usize {
    match stretch {
        Stretch::Run(entries) => entries.iter().map(|entry| entry.draft.bytes.len() + 100).sum(),
        Stretch::Skip(..) => 8,
    }
}
