//! The limit: a broadcast that knows nothing of documents, rights or duplicates.
//!
//! It does only what nobody can leave out: it takes what arrived together, appends it to a file, fsyncs once for the group,
//! encodes each message once, appends it to a buffer per peer and writes that buffer once per wake-up.

use std::fs::File;
use std::io::{self, Seek as _, Write as _};
use std::net::SocketAddr;
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;

/// Bytes that are laid out before the first message: more than any round writes.
const LAID_OUT: usize = 16 * 1024 * 1024;

/// What the broadcaster hears.
enum Heard {
    Joined(usize, Arc<Peer>),
    Said(usize, Vec<u8>),
    Left(usize),
}

/// One peer's outgoing bytes.
#[derive(Default)]
struct Peer {
    waiting: Mutex<Vec<u8>>,
    rung: Notify,
}

/// Serves until the process ends; calls back with the address that it listens on.
pub async fn serve(listening: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let listener = socket.listen(4096)?;
    listening(listener.local_addr()?);
    let (tell, hear) = mpsc::channel();
    std::thread::spawn(move || broadcast(&hear));
    for id in 0.. {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(peer(id, stream, tell.clone()));
    }
    Ok(())
}

fn broadcast(hear: &mpsc::Receiver<Heard>) -> io::Result<()> {
    let mut file = laid_out()?;
    let mut peers: Vec<(usize, Arc<Peer>)> = Vec::new();
    while let Ok(first) = hear.recv() {
        let mut group = Vec::new();
        for heard in std::iter::once(first).chain(hear.try_iter()) {
            match heard {
                Heard::Joined(id, peer) => peers.push((id, peer)),
                Heard::Left(id) => peers.retain(|(peer, _)| *peer != id),
                Heard::Said(id, message) => group.push((id, message)),
            }
        }
        if group.is_empty() {
            continue;
        }
        for (_, message) in &group {
            file.write_all(message)?;
        }
        file.sync_data()?;
        let encoded: Vec<(usize, Vec<u8>)> =
            group.into_iter().map(|(id, message)| (id, frame(&message))).collect();
        for (id, peer) in &peers {
            let mut waiting = peer.waiting.lock().unwrap_or_else(PoisonError::into_inner);
            for (_, frame) in encoded.iter().filter(|(from, _)| from != id) {
                waiting.extend_from_slice(frame);
            }
            drop(waiting);
            peer.rung.notify_one();
        }
    }
    Ok(())
}

/// Returns a file whose blocks belong to it already, as the relay's log does: while a file grows, each sync waits for the
/// file system's own journal too.
fn laid_out() -> io::Result<File> {
    let mut file = tempfile::tempfile()?;
    file.write_all(&vec![0; LAID_OUT])?;
    file.sync_all()?;
    file.rewind()?;
    Ok(file)
}

fn frame(message: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x82];
    match message.len() {
        short @ 0..126 => frame.push(short as u8),
        longer => {
            frame.push(126);
            frame.extend_from_slice(&(longer as u16).to_be_bytes());
        }
    }
    frame.extend_from_slice(message);
    frame
}

async fn peer(id: usize, mut stream: TcpStream, tell: mpsc::Sender<Heard>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(8192);
    while !buffer.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut buffer).await? == 0 {
            return Ok(());
        }
    }
    buffer.clear();
    stream
        .write_all(b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n")
        .await?;
    let (mut from, mut to) = stream.into_split();
    let me = Arc::new(Peer::default());
    let _ = tell.send(Heard::Joined(id, me.clone()));
    let writing = tokio::spawn(async move {
        loop {
            me.rung.notified().await;
            let bytes = std::mem::take(&mut *me.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    while from.read_buf(&mut buffer).await.is_ok_and(|read| read > 0) {
        let mut taken = 0;
        while let Some((message, length)) = unmasked(buffer.get(taken..).unwrap_or_default()) {
            let _ = tell.send(Heard::Said(id, message));
            taken += length;
        }
        buffer.drain(..taken);
    }
    writing.abort();
    let _ = tell.send(Heard::Left(id));
    Ok(())
}

/// Returns the first whole message and how many bytes it took.
fn unmasked(bytes: &[u8]) -> Option<(Vec<u8>, usize)> {
    let second = *bytes.get(1)?;
    let (head, length) = match second & 0x7f {
        126 => (4, u16::from_be_bytes(bytes.get(2..4)?.try_into().ok()?) as usize),
        short => (2, short as usize),
    };
    let mask: [u8; 4] = bytes.get(head..head + 4)?.try_into().ok()?;
    let payload = bytes.get(head + 4..head + 4 + length)?;
    let message = payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask).collect();
    Some((message, head + 4 + length))
}
