//! The listening socket: accepts, bounds strangers, speaks HTTP/1.1 until a request becomes a WebSocket.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::config::Bounds;
use crate::error::{Error, Result};

/// Connections that may wait to be accepted: a whole team reconnects at once when a relay comes back.
const BACKLOG: u32 = 4_096;
/// More than the head of any request that we answer.
const HEAD: usize = 16 * 1024;

/// Binds the address.
pub fn bind(address: SocketAddr) -> Result<TcpListener> {
    let listen = || {
        let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
        // On Windows this option would let two relays share a port; elsewhere it lets one restart at once.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().map_err(|source| match source.kind() {
        std::io::ErrorKind::AddrInUse => Error::AddressTaken { address },
        _ => Error::Listen { address, source },
    })
}

/// Accepts connections until told to stop.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    bounds: Bounds,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    let strangers = Strangers::new(bounds);
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Some(stranger) = strangers.admit(peer.ip()) {
                    tasks.spawn(speak(stream, peer, stranger, router.clone(), bounds, stop.clone()));
                }
            }
            Err(error) => {
                // Out of file descriptors, mostly: connections that end give some back.
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn speak(
    stream: TcpStream,
    peer: SocketAddr,
    stranger: Arc<Stranger>,
    router: Router,
    bounds: Bounds,
    stop: CancellationToken,
) {
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |request: Request<Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(stranger.clone());
        request
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.handshake)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => {}
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(bounds.farewell, connection).await;
        }
    }
}

/// Counts, per address, the connections that have not said who they are.
struct Strangers {
    bounds: Bounds,
    counts: Mutex<BTreeMap<IpAddr, usize>>,
}

/// A connection that nobody knows yet; it stops counting when the last holder drops it.
pub struct Stranger {
    all: Arc<Strangers>,
    address: IpAddr,
}

impl Strangers {
    fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self { bounds, counts: Mutex::default() })
    }

    fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Arc<Stranger>> {
        let most = if address.is_loopback() { self.bounds.local_strangers } else { self.bounds.strangers };
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Arc::new(Stranger { all: self.clone(), address }))
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut counts = self.all.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_of_strangers_from_one_address_leaves_room_for_others() {
        let strangers = Strangers::new(Bounds { strangers: 2, ..Bounds::default() });
        let address = "192.0.2.1".parse().unwrap();
        let first = strangers.admit(address).unwrap();
        let _second = strangers.admit(address).unwrap();
        assert!(strangers.admit(address).is_none(), "the third stranger from one address");
        assert!(strangers.admit("192.0.2.2".parse().unwrap()).is_some(), "another address");
        drop(first);
        assert!(strangers.admit(address).is_some(), "who said their name makes room");
    }
}
