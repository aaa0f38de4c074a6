//! One connection to a relay: frames out, frames in, as WebSocket messages.
//!
//! It knows nothing of what frames mean. Reading and writing run side by side, so that neither end can wait for the other for
//! ever; what is read waits for the engine, so that a busy replica slows its relay and fills no memory.

use std::time::Duration;

use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use sheaf_protocol::codec::{self, Side};
use sheaf_protocol::cut::{Joiner, cut};
use sheaf_protocol::frame::Frame;
use sheaf_protocol::limits;
use sheaf_protocol::secret::Secret;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{connect_async_with_config, tungstenite::Bytes};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::replica::{NoAccess, Relay};
use crate::session::Link;

/// How long a goodbye may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// As many frames wait for a line that does not take them; the session's window is half of it.
const SAID: usize = 8_192;
/// As many bytes are read at a time; a page is larger and needs no copy of it.
const READ: usize = 8 << 10;

/// What a socket has to say.
#[derive(Debug)]
pub enum Heard {
    /// It is open, and this is the token for the hello.
    Open(Secret),
    /// A frame came.
    Frame(Frame),
    /// Something else came that shows that the relay lives.
    Alive,
    /// It did not open, or is no more.
    Lost,
    /// It did not open, because nobody is signed in.
    SignedOut,
}

/// What a socket is told to send.
#[derive(Debug)]
pub enum Say {
    /// A frame.
    Frame(Frame),
    /// A request for a sign of life.
    Ping,
}

/// A socket that is open or being opened. Dropping it closes it.
#[derive(Debug)]
pub struct Socket {
    say: mpsc::Sender<Say>,
    _hang_up: DropGuard,
}

impl Socket {
    /// Opens a socket to a relay. What it hears comes under the link's name.
    pub fn open(relay: Relay, link: Link, renew: bool, heard: mpsc::Sender<(Link, Heard)>) -> Self {
        let (say, said) = mpsc::channel(SAID);
        let hang_up = CancellationToken::new();
        let hung_up = hang_up.clone();
        tokio::spawn(async move {
            let ended = tokio::select! {
                ended = talk(relay, link, renew, &heard, said) => ended,
                // A farewell on a dead line has no end.
                () = async { hung_up.cancelled().await; tokio::time::sleep(FAREWELL).await } => return,
            };
            if !hung_up.is_cancelled() {
                let _ = heard.send((link, ended)).await;
            }
        });
        Self { say, _hang_up: hang_up.drop_guard() }
    }

    /// Sends something after everything before it; says whether there was room for it. Where there was none, the line is as
    /// good as lost: the outbox on the disk is the queue, and a new line begins where that stands.
    pub fn say(&self, what: Say) -> bool {
        // A socket that is gone has said so, or is about to.
        !matches!(self.say.try_send(what), Err(TrySendError::Full(_)))
    }
}

/// Opens a socket and carries messages until it ends; returns how it ended.
async fn talk(
    relay: Relay,
    link: Link,
    renew: bool,
    heard: &mpsc::Sender<(Link, Heard)>,
    said: mpsc::Receiver<Say>,
) -> Heard {
    let token = match (relay.access)(renew).await {
        Ok(token) => token,
        Err(NoAccess::SignedOut) => return Heard::SignedOut,
        Err(NoAccess::Unreachable) => return Heard::Lost,
    };
    crate::install_crypto();
    let config = WebSocketConfig::default()
        .read_buffer_size(READ)
        .max_message_size(Some(limits::MESSAGE))
        .max_frame_size(Some(limits::MESSAGE));
    let socket = match connect_async_with_config(relay.socket, Some(config), true).await {
        Ok((socket, _)) => socket,
        Err(error) => {
            tracing::debug!(link = link.0, %error, "the relay cannot be reached");
            return Heard::Lost;
        }
    };
    if heard.send((link, Heard::Open(token))).await.is_err() {
        return Heard::Lost;
    }
    let (sink, stream) = socket.split();
    let ended = tokio::select! {
        ended = listen(stream, link, heard) => ended,
        ended = speak(sink, said) => ended,
    };
    if let Err(trouble) = ended {
        tracing::info!(link = link.0, %trouble, "the line to the relay broke");
    }
    Heard::Lost
}

/// Why a socket is no more.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error("{0}")]
    Socket(#[from] Error),
    #[error("the relay sent what is no frame: {0}")]
    Wire(#[from] codec::WireError),
    #[error("the relay sent text")]
    Text,
}

async fn listen(
    mut stream: impl Stream<Item = Result<Message, Error>> + Unpin,
    link: Link,
    heard: &mpsc::Sender<(Link, Heard)>,
) -> Result<(), Trouble> {
    let mut joiner = Joiner::new();
    while let Some(message) = stream.next().await {
        let heard_now = match message? {
            Message::Binary(bytes) => match joiner.push(bytes)? {
                Some(frame) => Heard::Frame(codec::decode(frame, Side::Relay)?),
                None => Heard::Alive,
            },
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Heard::Alive,
            Message::Text(_) => return Err(Trouble::Text),
            Message::Close(_) => return Ok(()),
        };
        if heard.send((link, heard_now)).await.is_err() {
            return Ok(());
        }
    }
    Ok(())
}

async fn speak(
    mut sink: impl Sink<Message, Error = Error> + Unpin,
    mut said: mpsc::Receiver<Say>,
) -> Result<(), Trouble> {
    while let Some(mut what) = said.recv().await {
        // What was said meanwhile goes out together.
        loop {
            match what {
                Say::Frame(frame) => {
                    for part in cut(codec::encode(&frame)) {
                        sink.feed(Message::Binary(part)).await?;
                    }
                }
                Say::Ping => sink.feed(Message::Ping(Bytes::new())).await?,
            }
            match said.try_recv() {
                Ok(next) => what = next,
                Err(_) => break,
            }
        }
        sink.flush().await?;
    }
    Ok(sink.close().await?)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test]
    async fn a_line_that_takes_nothing_costs_no_more_than_the_bound() {
        // Imke's relay never answers, so nothing is ever sent.
        let access = Arc::new(|_| Box::pin(std::future::pending()) as _);
        let relay = Relay::new("ws://127.0.0.1:1/", access);
        let (heard, _hearing) = mpsc::channel(1);
        let socket = Socket::open(relay, Link(1), false, heard);
        assert!((0..SAID).all(|_| socket.say(Say::Ping)), "a window's worth has room");
        assert!(!socket.say(Say::Ping), "one more is refused, not kept");
    }
}
