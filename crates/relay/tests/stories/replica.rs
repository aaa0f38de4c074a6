//! A replica without a disk: speaks the protocol over a real WebSocket of somebody else's making, and believes nothing.

use std::net::SocketAddr;

use futures_util::{SinkExt, StreamExt};
use sheaf_document::ids::{DocumentId, Epoch, ReplicaId};
use sheaf_document::schema;
use sheaf_protocol::codec::{self, Side};
use sheaf_protocol::cut::{Joiner, cut};
use sheaf_protocol::entry::{Counter, Entry, Flags, Kind, Origin, Seq};
use sheaf_protocol::frame::{
    Ack, Answer, CatchUp, Frame, Goodbye, Hello, Page, Push, PushItem, Stretch, Welcome,
};
use sheaf_protocol::negotiate::Offer;
use sheaf_protocol::rest::{Session, path};
use tokio::net::{TcpSocket, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

pub struct Replica {
    socket: WebSocketStream<TcpStream>,
    joiner: Joiner,
}

/// The line broke.
#[derive(Debug)]
pub struct Cut;

pub fn hello(session: &Session, replica: u8) -> Hello {
    let offer = Offer::ours((schema::OLDEST, schema::VERSION));
    Hello {
        versions: offer.versions,
        features: offer.features,
        schemas: offer.schemas,
        token: Some(session.access.clone()),
        workspace: session.workspace,
        replica: ReplicaId::from_bytes([replica; 16]),
        epoch: None,
        cursor: 0,
        trace: 7,
    }
}

pub fn item(document: u8, counter: Counter, bytes: Vec<u8>) -> PushItem {
    PushItem {
        kind: Kind::UPDATE,
        document: DocumentId::from_bytes([document; 16]),
        counter,
        origin: Origin::TYPED,
        flags: Flags::default(),
        key_id: 0,
        bytes: bytes.into(),
    }
}

impl Replica {
    /// Connects without a word. `receive_buffer` makes the system's own buffer small.
    pub async fn open(addr: SocketAddr, receive_buffer: Option<u32>) -> Result<Self, Cut> {
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = receive_buffer {
            socket.set_recv_buffer_size(bytes).unwrap();
        }
        let stream = socket.connect(addr).await.map_err(|_| Cut)?;
        let url = format!("ws://{addr}{}", path::SOCKET);
        let (socket, _) = tokio_tungstenite::client_async(url, stream).await.map_err(|_| Cut)?;
        Ok(Self { socket, joiner: Joiner::new() })
    }

    /// Connects, says hello and is welcome.
    pub async fn join(addr: SocketAddr, hello: Hello) -> Result<(Self, Welcome), Cut> {
        let mut replica = Self::open(addr, None).await?;
        let welcome = replica.greet(hello).await?;
        Ok((replica, welcome))
    }

    pub async fn greet(&mut self, hello: Hello) -> Result<Welcome, Cut> {
        self.send(Frame::Hello(hello)).await?;
        match self.next().await? {
            Frame::Welcome(welcome) => Ok(welcome),
            other => panic!("expected a welcome: {other:?}"),
        }
    }

    pub async fn send(&mut self, frame: Frame) -> Result<(), Cut> {
        for part in cut(codec::encode(&frame)) {
            self.socket.feed(Message::Binary(part)).await.map_err(|_| Cut)?;
        }
        self.socket.flush().await.map_err(|_| Cut)
    }

    /// Sends a message as it is.
    pub async fn say(&mut self, message: &[u8]) -> Result<(), Cut> {
        self.socket.send(Message::Binary(message.to_vec().into())).await.map_err(|_| Cut)
    }

    pub async fn push(&mut self, items: Vec<PushItem>) -> Result<(), Cut> {
        self.send(Frame::Push(Push { trace: 1, items })).await
    }

    pub async fn next(&mut self) -> Result<Frame, Cut> {
        loop {
            match self.socket.next().await {
                Some(Ok(Message::Binary(message))) => {
                    let frame = self.joiner.push(message).expect("the relay's parts are in order");
                    if let Some(frame) = frame {
                        return Ok(codec::decode(frame, Side::Relay).expect("the relay's frames can be read"));
                    }
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                _ => return Err(Cut),
            }
        }
    }

    /// Waits for the acks of so many entries; whatever else arrives is returned beside them.
    pub async fn acks(&mut self, count: usize) -> Result<(Vec<Ack>, Vec<Frame>), Cut> {
        let (mut acks, mut others) = (Vec::new(), Vec::new());
        while acks.len() < count {
            match self.next().await? {
                Frame::Answers(answers) => acks.extend(answers.into_iter().map(|answer| match answer {
                    Answer::Ack(ack) => ack,
                    other => panic!("expected an ack: {other:?}"),
                })),
                other => others.push(other),
            }
        }
        Ok((acks, others))
    }

    /// Waits for the next frame of live entries.
    pub async fn entries(&mut self) -> Result<Vec<Stretch>, Cut> {
        loop {
            match self.next().await? {
                Frame::Entries(stretches) => return Ok(stretches),
                Frame::Present(_) => {}
                other => panic!("expected entries: {other:?}"),
            }
        }
    }

    /// Asks for everything after a cursor and returns the pages.
    pub async fn catch_up(&mut self, since: Seq) -> Result<Vec<Page>, Cut> {
        self.send(Frame::CatchUp(CatchUp { since, held: vec![], first: vec![] })).await?;
        let mut pages = Vec::new();
        loop {
            match self.next().await? {
                Frame::Page(page) => {
                    let more = page.more;
                    pages.push(page);
                    if !more {
                        return Ok(pages);
                    }
                    self.send(Frame::More).await?;
                }
                Frame::Present(_) => {}
                other => panic!("expected a page: {other:?}"),
            }
        }
    }

    /// Waits for the relay's last words.
    pub async fn goodbye(&mut self) -> Result<Goodbye, Cut> {
        loop {
            if let Frame::Goodbye(goodbye) = self.next().await? {
                return Ok(goodbye);
            }
        }
    }
}

/// The cursor of somebody who stored all of this.
pub fn level(epoch: Epoch, cursor: Seq, hello: Hello) -> Hello {
    Hello { epoch: Some(epoch), cursor, ..hello }
}

/// The entries in these stretches, and how many numbers they cover.
pub fn flat<'a>(stretches: impl IntoIterator<Item = &'a Stretch>) -> (Vec<Entry>, u64) {
    let (mut entries, mut covered) = (Vec::new(), 0);
    for stretch in stretches {
        match stretch {
            Stretch::Run(run) => {
                covered += run.len() as u64;
                entries.extend(run.iter().cloned());
            }
            Stretch::Skip(_, count) => covered += count,
        }
    }
    (entries, covered)
}
