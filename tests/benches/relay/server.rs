//! The server under measurement, in a process of its own: this program again, with the server's name as its argument.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use sheaf_relay::config::Bounds;
use sheaf_relay::{Config, Relay};

use super::bare;

/// Which server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The bare broadcast.
    Bare,
    /// The relay.
    Relay,
}

/// A running server.
pub struct Server {
    child: Child,
    /// Which it is.
    pub kind: Kind,
    /// Where it listens.
    pub address: SocketAddr,
    /// The owner's invitation, of a relay.
    pub invitation: String,
    _data: tempfile::TempDir,
}

impl Server {
    /// Starts a server with fresh data.
    pub fn start(kind: Kind) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let mut child = Command::new(std::env::current_exe()?)
            .arg(match kind {
                Kind::Bare => "serve-bare",
                Kind::Relay => "serve-relay",
            })
            .arg(data.path())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("no output")?).lines();
        let address = lines.next().context("the server did not start")??.parse()?;
        let invitation = lines.next().context("the server did not start")??;
        Ok(Self { child, kind, address, invitation, _data: data })
    }

    /// Returns the processor time that its threads have used so far, in seconds, as exactly as the kernel counts it.
    pub fn cpu(&self) -> anyhow::Result<f64> {
        let mut nanos = 0.0;
        for task in std::fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            // A thread may have ended since.
            let times = std::fs::read_to_string(task?.path().join("schedstat")).unwrap_or_default();
            nanos += times.split(' ').next().and_then(|time| time.parse::<f64>().ok()).unwrap_or_default();
        }
        Ok(nanos / 1e9)
    }

    /// Returns its resident memory in bytes.
    pub fn memory(&self) -> anyhow::Result<u64> {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.child.id()))?;
        let pages: u64 = statm.split_whitespace().nth(1).context("no resident size")?.parse()?;
        Ok(pages * 4096)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What the program does when it is started as a server.
pub fn serve(kind: Kind, data: &str) -> anyhow::Result<()> {
    let say = |address: SocketAddr, invitation: &str| {
        let mut out = std::io::stdout();
        let _ = writeln!(out, "{address}\n{invitation}");
        let _ = out.flush();
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        match kind {
            Kind::Bare => bare::serve(|address| say(address, "-")).await?,
            Kind::Relay => {
                let listen = SocketAddr::from(([127, 0, 0, 1], 0));
                // Every client is a replica of one device, which is what no device does.
                let bounds = Bounds { replicas: usize::MAX, ..Bounds::default() };
                let relay = Relay::start(Config { listen, bounds, ..Config::new(data) }).await?;
                say(relay.addr, relay.owner_invitation.as_deref().unwrap_or("-"));
                std::future::pending::<()>().await;
            }
        }
        Ok(())
    })
}
