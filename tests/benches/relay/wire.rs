//! The client's side of a WebSocket in the few lines that a load needs: it must cost less than what it measures.

use std::io;
use std::net::SocketAddr;

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// Opens a WebSocket at this path and returns both directions.
pub async fn open(address: SocketAddr, path: &str) -> io::Result<(Incoming, OwnedWriteHalf)> {
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {address}\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut head = BytesMut::with_capacity(4096);
    let end = loop {
        if stream.read_buf(&mut head).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(end) = head.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
    };
    if !head.starts_with(b"HTTP/1.1 101") {
        return Err(io::Error::other(String::from_utf8_lossy(&head).into_owned()));
    }
    head.advance(end);
    let (incoming, outgoing) = stream.into_split();
    Ok((Incoming { stream: incoming, buffer: head }, outgoing))
}

/// Appends one binary message as clients write it; the mask is zero, which is a mask.
pub fn append(message: &[u8], to: &mut Vec<u8>) {
    to.push(0x82);
    match message.len() {
        short @ 0..126 => to.push(0x80 | short as u8),
        medium @ 126..0x1_0000 => {
            to.push(0x80 | 126);
            to.extend_from_slice(&(medium as u16).to_be_bytes());
        }
        long => {
            to.push(0x80 | 127);
            to.extend_from_slice(&(long as u64).to_be_bytes());
        }
    }
    to.extend_from_slice(&[0; 4]);
    to.extend_from_slice(message);
}

/// What arrives.
pub struct Incoming {
    stream: OwnedReadHalf,
    buffer: BytesMut,
}

impl Incoming {
    /// Returns the next binary message; pings are passed over, for no run is long enough to need an answer.
    pub async fn message(&mut self) -> io::Result<Bytes> {
        loop {
            if let Some((opcode, message)) = self.take() {
                match opcode {
                    0x2 => return Ok(message),
                    0x8 => return Err(io::ErrorKind::ConnectionAborted.into()),
                    _ => continue,
                }
            }
            self.buffer.reserve(64 * 1024);
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    fn take(&mut self) -> Option<(u8, Bytes)> {
        let [first, second, ..] = *self.buffer.as_ref() else { return None };
        let (head, length) = match second & 0x7f {
            126 => (4, u16::from_be_bytes(self.buffer.get(2..4)?.try_into().ok()?) as usize),
            127 => (10, u64::from_be_bytes(self.buffer.get(2..10)?.try_into().ok()?) as usize),
            short => (2, short as usize),
        };
        if self.buffer.len() < head + length {
            return None;
        }
        self.buffer.advance(head);
        Some((first & 0xf, self.buffer.split_to(length).freeze()))
    }
}
