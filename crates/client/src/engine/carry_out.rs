//! Carrying out what the session says: the socket sends, the desk stores and answers in its turn.

use sheaf_document::ids::{DeviceId, PersonId};
use sheaf_document::update::StateVector;
use sheaf_protocol::frame::Frame;
use sheaf_store::Position;

use super::Engine;
use crate::desk::Desk;
use crate::error::{ReplicaError, Result};
use crate::replica::ReplicaEvent;
use crate::session::{Input, Link, Output, Status};
use crate::socket::{Say, Socket};

impl Engine {
    /// Carries out one thing.
    pub(super) fn carry_out(&mut self, output: Output) {
        match output {
            Output::Connect { link, renew } => {
                self.distrusted.clear();
                let relay = self.relay.clone();
                self.socket = relay.map(|relay| (link, Socket::open(relay, link, renew, self.heard.clone())));
            }
            Output::Send(link, frame) => {
                log(link, &frame);
                self.say(link, Say::Frame(frame));
            }
            Output::Ping(link) => self.say(link, Say::Ping),
            Output::Close(link) => {
                self.socket.take_if(|(current, _)| *current == link);
                for document in self.people.clear() {
                    self.hub.broadcast(&ReplicaEvent::People { document, people: Vec::new() });
                }
            }
            Output::WakeAt(at) => self.wake_at = Some(at),

            Output::ReadOutbox { after, bytes, rows } => {
                let read =
                    move |desk: &mut Desk| Ok(vec![Input::Outbox(desk.read_outbox(after, bytes, rows)?)]);
                self.on_desk_or(vec![Input::Outbox(Vec::new())], read);
            }
            Output::Acknowledge { acks, cursor } => {
                let Some(epoch) = self.epoch else { return };
                self.on_desk(move |desk| {
                    desk.acknowledge(epoch, &acks, cursor)?;
                    Ok(vec![Input::Acknowledged])
                });
            }
            Output::Store(batch) => self.on_desk(move |desk| {
                desk.store_remote(batch)?;
                Ok(vec![Input::Stored])
            }),
            Output::TakeNewIdentity => {
                self.on_desk(|desk| Ok(vec![Input::Renamed(desk.take_new_identity()?)]));
            }
            Output::Stick { document, counter, code, detail } => self.on_desk(move |desk| {
                desk.stick(document, counter, code, &detail)?;
                Ok(Vec::new())
            }),
            Output::Refuse(records) => self.on_desk(move |desk| {
                desk.refuse(&records)?;
                Ok(Vec::new())
            }),
            Output::Mend { document, have } => self.on_desk(move |desk| {
                // What cannot be read says nothing of what the relay has.
                let have = StateVector::decode(&have).unwrap_or_default();
                Ok(vec![Input::Mended(document, desk.mend(document, &have)?)])
            }),
            Output::ReadForgotten { kept, after } => self.on_desk(move |desk| {
                let (entries, next) = desk.forgotten(&kept, after)?;
                Ok(vec![Input::Forgotten { entries, next }])
            }),

            Output::SetApart { epoch } => self.on_desk(move |desk| {
                desk.set_apart(epoch)?;
                Ok(Vec::new())
            }),
            Output::Unfold { kept } => self.desk.unfold(kept),

            Output::Present(present) => {
                let document = present.document;
                let people = self.people.change(present);
                self.hub.broadcast(&ReplicaEvent::People { document, people });
            }
            Output::Status(status) => {
                if status == Status::Synced && !std::mem::replace(&mut self.has_tree, true) {
                    self.on_desk(|desk| {
                        desk.be_whole()?;
                        desk.plant()?;
                        Ok(Vec::new())
                    });
                }
                self.hub.tell(|all| all.relay = Some(status));
            }
        }
    }

    /// The relay said whom it takes us for: what is written from now on, and what waits, is signed so, and everyone is to
    /// know that person's name.
    pub(super) fn claim(&self, person: PersonId, device: DeviceId) {
        self.on_desk(move |desk| {
            desk.claim(person, device)?;
            match desk.introduce() {
                // Nobody is kept from syncing by a name that no relay would take.
                Ok(()) | Err(ReplicaError::Rule(_)) => Ok(Vec::new()),
                Err(error) => Err(error),
            }
        });
    }

    fn say(&mut self, to: Link, what: Say) {
        let full = self.socket.take_if(|(link, socket)| *link == to && !socket.say(what));
        if let Some((link, _)) = full {
            tracing::info!(link = link.0, "the line to the relay takes nothing; trying another");
            // An engine that has stopped has no use for it.
            let _ = self.done.send(vec![Input::Lost(link)]);
        }
    }

    /// Has the desk do something; what comes of it comes back as an event. A failure does too, with what the store holds.
    fn on_desk(&self, work: impl FnOnce(&mut Desk) -> Result<Vec<Input>> + Send + 'static) {
        self.on_desk_or(Vec::new(), work);
    }

    /// The same, where a question needs an answer also after a failure.
    fn on_desk_or(
        &self,
        failed: Vec<Input>,
        work: impl FnOnce(&mut Desk) -> Result<Vec<Input>> + Send + 'static,
    ) {
        let done = self.done.clone();
        self.desk.post(move |desk| {
            let inputs = desk.attempt(work).unwrap_or_else(|error| {
                tracing::error!(%error, "the disk does not take what the relay says; trying again later");
                let Position { epoch, cursor } = desk.position();
                std::iter::once(Input::StoreFailed { epoch, cursor }).chain(failed).collect()
            });
            if !inputs.is_empty() {
                // An engine that has stopped has no use for it.
                let _ = done.send(inputs);
            }
        });
    }
}

/// Notes under which names the relay's log tells of a connection and of its pushes.
fn log(link: Link, frame: &Frame) {
    match frame {
        Frame::Hello(hello) => {
            tracing::info!(link = link.0, trace = hello.trace, "saying hello to the relay")
        }
        Frame::Push(push) => {
            tracing::debug!(link = link.0, push = push.trace, items = push.items.len(), "a push leaves");
        }
        _ => {}
    }
}
