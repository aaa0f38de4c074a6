//! A line that can be cut: a TCP proxy between replicas and a relay, under a story's control.
//!
//! It can refuse connections, end them all, end them after a number of bytes (so that a frame is cut anywhere), or go
//! silent while staying open, as a sleeping laptop or a broken tunnel does.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What the line does with bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    /// It carries them.
    Fair,
    /// It holds them back; connections stay open.
    Silent,
    /// It carries nothing and ends every connection.
    Cut,
}

/// A proxy in front of one address.
pub struct Line {
    address: SocketAddr,
    weather: Arc<watch::Sender<Weather>>,
    budget: Arc<AtomicI64>,
    carried: Arc<AtomicU64>,
    _accepting: JoinSet<()>,
}

impl Line {
    /// Returns a line to this address, on a free port of its own.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn to(upstream: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let weather = Arc::new(watch::channel(Weather::Fair).0);
        let budget = Arc::new(AtomicI64::new(i64::MAX));
        let carried = Arc::new(AtomicU64::new(0));
        let pump = Pump { weather: weather.clone(), budget: budget.clone(), carried: carried.clone() };
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, upstream, pump));
        Ok(Self { address, weather, budget, carried, _accepting: accepting })
    }

    /// Returns the address to connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends every connection and refuses new ones.
    pub fn cut(&self) {
        self.weather.send_replace(Weather::Cut);
    }

    /// Ends every connection as soon as this many more bytes have passed, in both directions together.
    pub fn cut_after(&self, bytes: u32) {
        self.budget.store(i64::from(bytes), Ordering::SeqCst);
    }

    /// Keeps connections open and carries nothing.
    pub fn go_silent(&self) {
        self.weather.send_replace(Weather::Silent);
    }

    /// Carries bytes again. Connections that were cut stay cut; new ones are taken.
    pub fn restore(&self) {
        self.budget.store(i64::MAX, Ordering::SeqCst);
        self.weather.send_replace(Weather::Fair);
    }

    /// Returns how many bytes have passed so far.
    pub fn carried(&self) -> u64 {
        self.carried.load(Ordering::SeqCst)
    }
}

#[derive(Clone)]
struct Pump {
    weather: Arc<watch::Sender<Weather>>,
    budget: Arc<AtomicI64>,
    carried: Arc<AtomicU64>,
}

async fn accept(listener: TcpListener, upstream: SocketAddr, pump: Pump) {
    let mut connections = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        if *pump.weather.borrow() == Weather::Cut {
            continue; // dropping it is the refusal
        }
        let pump = pump.clone();
        connections.spawn(async move {
            let Ok(far) = TcpStream::connect(upstream).await else { return };
            let (_, _) = (near.set_nodelay(true), far.set_nodelay(true));
            let mut weather = pump.weather.subscribe();
            let (near_in, near_out) = near.into_split();
            let (far_in, far_out) = far.into_split();
            tokio::select! {
                () = pump.carry(near_in, far_out) => {}
                () = pump.carry(far_in, near_out) => {}
                _ = weather.wait_for(|now| *now == Weather::Cut) => {}
            }
        });
    }
}

impl Pump {
    /// Carries one direction until either side ends or the budget is used up.
    async fn carry(&self, mut from: tokio::net::tcp::OwnedReadHalf, mut to: tokio::net::tcp::OwnedWriteHalf) {
        let mut weather = self.weather.subscribe();
        let mut buffer = vec![0; 16 * 1024];
        while let Ok(read) = from.read(&mut buffer).await
            && read > 0
        {
            if weather.wait_for(|now| *now != Weather::Silent).await.is_err() {
                return;
            }
            let size = i64::try_from(read).unwrap_or(i64::MAX);
            let left = self.budget.fetch_sub(size, Ordering::SeqCst).clamp(0, size);
            let passing = usize::try_from(left).unwrap_or_default();
            self.carried.fetch_add(passing as u64, Ordering::SeqCst);
            if to.write_all(buffer.get(..passing).unwrap_or_default()).await.is_err() || passing < read {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = stream.split();
                    tokio::io::copy(&mut from, &mut to).await
                });
            }
        });
        address
    }

    #[tokio::test]
    async fn a_line_carries_until_it_is_cut_and_again_once_restored() {
        let line = Line::to(echo().await).await.unwrap();
        let mut ada = TcpStream::connect(line.address()).await.unwrap();
        ada.write_all(b"ferry").await.unwrap();
        let mut heard = [0; 5];
        ada.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"ferry", "a fair line carries both ways");

        line.cut();
        assert_eq!(ada.read(&mut heard).await.unwrap_or(0), 0, "a cut line ends the connection");

        line.restore();
        let mut again = TcpStream::connect(line.address()).await.unwrap();
        again.write_all(b"train").await.unwrap();
        again.read_exact(&mut heard).await.unwrap();
        assert_eq!(&heard, b"train", "a restored line takes new connections");
    }

    #[tokio::test]
    async fn a_line_can_be_cut_inside_a_frame() {
        let line = Line::to(echo().await).await.unwrap();
        line.cut_after(3);
        let mut ada = TcpStream::connect(line.address()).await.unwrap();
        ada.write_all(b"ferry").await.unwrap();
        let mut heard = Vec::new();
        let _ = ada.read_to_end(&mut heard).await;
        assert!(heard.len() <= 3, "not a byte more than the budget passes: {heard:?}");
        assert_eq!(line.carried(), 3, "the budget is used to the last byte");
    }
}
