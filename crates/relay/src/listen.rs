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

use crate::accounts::limits::neighbourhood;
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

/// Counts, per neighbourhood, the connections that have not said who they are.
struct Strangers {
    bounds: Bounds,
    counts: Mutex<BTreeMap<IpAddr, usize>>,
}

/// A connection that nobody knows yet; it stops counting when the last holder drops it.
pub struct Stranger {
    all: Arc<Strangers>,
    neighbourhood: IpAddr,
}

impl Strangers {
    fn new(bounds: Bounds) -> Arc<Self> {
        Arc::new(Self { bounds, counts: Mutex::default() })
    }

    fn admit(self: &Arc<Self>, address: IpAddr) -> Option<Arc<Stranger>> {
        let is_local = address.to_canonical().is_loopback();
        let most = if is_local { self.bounds.all_strangers } else { self.bounds.strangers };
        let neighbourhood = neighbourhood(address);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let here = counts.get(&neighbourhood).copied().unwrap_or_default();
        if here >= most || counts.values().sum::<usize>() >= self.bounds.all_strangers {
            return None;
        }
        counts.insert(neighbourhood, here + 1);
        Some(Arc::new(Stranger { all: self.clone(), neighbourhood }))
    }
}

impl Stranger {
    /// Counts this connection where the proxy in front says that it comes from; `None` when too many do.
    pub fn counted_at(self: &Arc<Self>, address: IpAddr) -> Option<Arc<Self>> {
        if neighbourhood(address) == self.neighbourhood {
            Some(self.clone())
        } else {
            self.all.admit(address)
        }
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        let mut counts = self.all.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.neighbourhood) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.neighbourhood);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowd_of_strangers_from_one_network_leaves_room_for_others() {
        let strangers = Strangers::new(Bounds { strangers: 2, ..Bounds::default() });
        let from = |address: &str| strangers.admit(address.parse().unwrap());
        let first = from("2001:db8:0:1::1").unwrap();
        let _second = from("2001:db8:0:1::2").unwrap();
        assert!(from("2001:db8:0:1::3").is_none(), "who has one IPv6 address has 2^64 of them");
        assert!(from("2001:db8:0:2::1").is_some() && from("192.0.2.1").is_some(), "another network");
        drop(first);
        assert!(from("2001:db8:0:1::3").is_some(), "who said their name makes room");
    }

    #[test]
    fn strangers_from_everywhere_are_bounded_together() {
        let strangers = Strangers::new(Bounds { strangers: 2, all_strangers: 3, ..Bounds::default() });
        let from = |net: u8| strangers.admit([192, 0, net, 1].into());
        let here: Vec<_> = (0..100).filter_map(from).collect();
        assert_eq!(here.len(), 3, "memory is bounded however many networks somebody has");
        assert_eq!(strangers.counts.lock().unwrap().len(), 3, "nor does who was sent away leave a trace");
    }

    #[test]
    fn behind_a_proxy_a_stranger_counts_where_the_proxy_saw_them() {
        let strangers = Strangers::new(Bounds { strangers: 1, ..Bounds::default() });
        let at_the_proxy = || strangers.admit("::ffff:127.0.0.1".parse().unwrap()).unwrap();
        let _many = [at_the_proxy(), at_the_proxy()];
        let mallory = "203.0.113.9".parse().unwrap();
        let first = at_the_proxy().counted_at(mallory).unwrap();
        assert!(at_the_proxy().counted_at(mallory).is_none(), "loopback's room for many is not Mallory's");
        assert!(at_the_proxy().counted_at([192, 0, 2, 1].into()).is_some(), "nobody else pays for it");
        drop(first);
        assert!(at_the_proxy().counted_at(mallory).is_some());
    }
}
