//! The line between the demo's windows and their relay: a proxy that can be cut and restored.
//!
//! A cut ends every connection and takes no new one, as a tunnel does to a train. It knows nothing of what it carries.

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// A proxy in front of one address.
pub struct Line {
    address: SocketAddr,
    carried: Arc<Mutex<Carried>>,
}

#[derive(Default)]
struct Carried {
    cut: bool,
    /// Both ends of each connection, by the address that it comes from.
    connections: BTreeMap<SocketAddr, [TcpStream; 2]>,
}

impl Line {
    /// Returns a line to this address, on a free port of its own.
    ///
    /// # Errors
    /// When no port can be had.
    pub fn to(relay: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let line = Self { address: listener.local_addr()?, carried: Arc::default() };
        let carried = line.carried.clone();
        thread::spawn(move || {
            while let Ok((near, _)) = listener.accept() {
                let carried = carried.clone();
                thread::spawn(move || carry(near, relay, &carried));
            }
        });
        Ok(line)
    }

    /// Returns the address to connect to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts the line, or restores it; returns whether it is now cut.
    pub fn cut_or_restore(&self) -> bool {
        let mut carried = lock(&self.carried);
        carried.cut = !carried.cut;
        for stream in std::mem::take(&mut carried.connections).into_values().flatten() {
            let _ = stream.shutdown(Shutdown::Both); // it may have ended by itself
        }
        carried.cut
    }
}

/// Carries one connection to its end.
fn carry(near: TcpStream, relay: SocketAddr, carried: &Mutex<Carried>) -> io::Result<()> {
    let (name, far) = (near.peer_addr()?, TcpStream::connect(relay)?);
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let ends = [near.try_clone()?, far.try_clone()?];
    {
        let mut carried = lock(carried);
        if carried.cut {
            return Ok(()); // dropping both ends is the refusal
        }
        carried.connections.insert(name, ends);
    }
    thread::scope(|both| {
        both.spawn(|| pass(&near, &far));
        pass(&far, &near);
    });
    lock(carried).connections.remove(&name);
    Ok(())
}

/// Carries one direction until either end hangs up.
fn pass(mut from: &TcpStream, mut to: &TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = (to.shutdown(Shutdown::Write), from.shutdown(Shutdown::Read));
}

/// A thread that broke leaves nothing half done here.
fn lock(carried: &Mutex<Carried>) -> MutexGuard<'_, Carried> {
    carried.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use super::*;

    /// A relay that says back what it hears.
    fn echo() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                thread::spawn(move || io::copy(&mut &stream, &mut &stream));
            }
        });
        address
    }

    #[test]
    fn a_line_carries_until_it_is_cut_and_again_once_restored() {
        let line = Line::to(echo()).unwrap();
        let mut ada = TcpStream::connect(line.address()).unwrap();
        let mut heard = [0; 5];
        ada.write_all(b"ferry").unwrap();
        ada.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"ferry", "a whole line carries both ways");

        assert!(line.cut_or_restore(), "first it is cut");
        assert_eq!(ada.read(&mut heard).unwrap_or(0), 0, "a cut ends the connection");
        let mut refused = TcpStream::connect(line.address()).unwrap();
        assert_eq!(refused.read(&mut heard).unwrap_or(0), 0, "and takes no new one");

        assert!(!line.cut_or_restore(), "then it is whole again");
        let mut again = TcpStream::connect(line.address()).unwrap();
        again.write_all(b"train").unwrap();
        again.read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"train", "a restored line takes new connections");
    }
}
