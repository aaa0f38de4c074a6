//! A connection's life on its socket: read what arrives, write what waits, notice when nobody is there.
//!
//! One method, [`Connection::receive`], does all of it while its caller waits for a message, so writing never needs a
//! second task. A peer that does not read delays nobody but itself.

use std::cell::RefCell;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncWriteExt, Interest};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::frame::{self, Close, Opcode};
use super::outgoing::Outgoing;
use super::reader::{Message, Reader};

/// How long to wait for a silent peer.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// Silence after which it is asked whether it lives.
    pub ping: Duration,
    /// Silence after which it is taken for dead.
    pub dead: Duration,
}

/// Why there will be no more messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The peer said goodbye, or its last words were answered.
    Closed,
    /// The line broke or stayed silent.
    Lost,
    /// The peer broke the rules and was told how.
    Broken(Close),
}

/// A WebSocket.
pub struct Connection {
    stream: TcpStream,
    reader: Reader,
    outgoing: Arc<Outgoing>,
    patience: Patience,
    heard: Instant,
    asked: bool,
    writing: Vec<u8>,
    written: usize,
    last: bool,
    /// Set once nothing the peer says matters any more.
    deaf: bool,
}

thread_local! {
    /// Where bytes land before their connection is asked for memory: one per thread instead of one per connection.
    static LANDING: RefCell<Box<[u8]>> = RefCell::new(vec![0; 64 * 1024].into_boxed_slice());
}

impl Connection {
    /// Takes over an upgraded stream; `early` is what arrived behind the handshake.
    pub fn new(
        stream: TcpStream,
        early: &[u8],
        longest: usize,
        outgoing: Arc<Outgoing>,
        patience: Patience,
    ) -> Self {
        let mut reader = Reader::new(longest);
        reader.take_in(early);
        let heard = Instant::now();
        let writing = Vec::new();
        Self {
            stream,
            reader,
            outgoing,
            patience,
            heard,
            asked: false,
            writing,
            written: 0,
            last: false,
            deaf: false,
        }
    }

    /// Changes how long a message may be.
    pub fn accept_up_to(&mut self, longest: usize) {
        self.reader.accept_up_to(longest);
    }

    /// Waits for the next binary message, writing what waits meanwhile.
    pub async fn receive(&mut self) -> Result<Bytes, Ended> {
        loop {
            match self.reader.message() {
                Ok(Some(Message::Binary(message))) => return Ok(message),
                Ok(Some(Message::Ping(payload))) => self.answer(Opcode::Pong, &payload),
                Ok(Some(Message::Pong)) => {}
                Ok(Some(Message::Close)) => {
                    self.say_goodbye(Close::Normal);
                    return Err(Ended::Closed);
                }
                Ok(None) => self.turn().await?,
                Err(close) => {
                    self.say_goodbye(close);
                    return Err(Ended::Broken(close));
                }
            }
        }
    }

    /// Writes the last words and waits until the peer has hung up, for at most `time`. Hanging up first, with bytes of
    /// the peer unread, would take the last words away from it.
    pub async fn close(mut self, time: Duration) {
        self.deaf = true;
        let farewell = async {
            while !(self.last && self.writing.is_empty()) {
                if self.turn().await.is_err() {
                    return;
                }
            }
            if self.stream.shutdown().await.is_ok() {
                while self.stream.readable().await.is_ok() && self.read().is_ok() {}
            }
        };
        let _ = tokio::time::timeout(time, farewell).await;
    }

    /// One wake-up: waits until something can be done and does it.
    async fn turn(&mut self) -> Result<(), Ended> {
        if self.writing.is_empty() && self.last {
            return Err(Ended::Closed);
        }
        let due = self.heard + if self.asked { self.patience.dead } else { self.patience.ping };
        let paused = self.outgoing.is_paused() && !self.deaf;
        let interest = match (paused, self.writing.is_empty()) {
            (false, true) => Some(Interest::READABLE),
            (false, false) => Some(Interest::READABLE | Interest::WRITABLE),
            (true, true) => None,
            (true, false) => Some(Interest::WRITABLE),
        };
        let stream = &self.stream;
        let ready = async move {
            match interest {
                Some(interest) => stream.ready(interest).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            ready = ready => {
                if ready.map_err(|_| Ended::Lost)?.is_readable() && !paused {
                    self.read()?;
                }
            }
            () = self.outgoing.changed() => {}
            () = sleep_until(due) => self.silence()?,
        }
        self.write()
    }

    /// Nothing was heard for a while: asks, or gives up. From whom we do not read, we cannot expect to hear.
    fn silence(&mut self) -> Result<(), Ended> {
        if self.outgoing.is_paused() {
            self.heard = Instant::now();
            return Ok(());
        }
        if self.asked {
            return Err(Ended::Lost);
        }
        self.asked = true;
        self.answer(Opcode::Ping, b"");
        Ok(())
    }

    fn read(&mut self) -> Result<(), Ended> {
        let read = LANDING.with_borrow_mut(|landing| {
            let read = self.stream.try_read(landing);
            if let (Ok(count), false) = (&read, self.deaf) {
                self.reader.take_in(landing.get(..*count).unwrap_or_default());
            }
            read
        });
        match read {
            Ok(0) => Err(Ended::Lost),
            Ok(_) => {
                self.heard = Instant::now();
                self.asked = false;
                Ok(())
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(_) => Err(Ended::Lost),
        }
    }

    /// Everything that waits leaves in one write, as far as the line takes it.
    fn write(&mut self) -> Result<(), Ended> {
        loop {
            if self.writing.is_empty() {
                (self.writing, self.last) = self.outgoing.take();
                self.written = 0;
                if self.writing.is_empty() {
                    return Ok(());
                }
            }
            match self.stream.try_write(self.writing.get(self.written..).unwrap_or_default()) {
                Ok(count) => self.written += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(_) => return Err(Ended::Lost),
            }
            if self.written >= self.writing.len() {
                self.writing = Vec::new();
            }
        }
    }

    fn answer(&self, opcode: Opcode, payload: &[u8]) {
        let mut line = Vec::with_capacity(payload.len() + 10);
        frame::write(opcode, payload, &mut line);
        // Whoever has megabytes waiting need not be answered: the waiting bytes prove that we live.
        let _ = self.outgoing.push(&line);
    }

    fn say_goodbye(&self, close: Close) {
        self.outgoing.finish(&close_line(close));
    }
}

/// Returns the closing frame.
pub fn close_line(close: Close) -> Vec<u8> {
    let mut line = Vec::with_capacity(4);
    frame::write(Opcode::Close, &close.code().to_be_bytes(), &mut line);
    line
}
