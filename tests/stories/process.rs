//! The relay as a process of its own, as an operator runs it: it can be killed without last words and started again.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use sheaf_document::ids::DocumentId;

use crate::terminal::{program, said};

/// A relay that runs until it is killed, or the story is over, however that ends.
pub struct Relay {
    child: Child,
    pub address: SocketAddr,
}

impl Relay {
    /// Starts a relay on a folder and waits until it listens; it says everything that this filter lets through to `log`.
    pub fn start(data: &Path, listen: &str, filter: &str, log: Stdio) -> anyhow::Result<Self> {
        let mut serve = Command::new(program("sheaf-relay", "sheaf-relay")?);
        serve.args(["serve", "--log", filter, "--listen", listen, "--data"]).arg(data);
        let mut child = serve.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn()?;
        let mut greeting = String::new();
        BufReader::new(child.stdout.take().context("a pipe")?).read_line(&mut greeting)?;
        let address = greeting.trim().trim_end_matches('.').rsplit("http://").next().unwrap_or_default();
        let address =
            address.parse().with_context(|| format!("the relay says where it listens: {greeting:?}"));
        let address = address.inspect_err(|_| drop((child.kill(), child.wait())))?;
        Ok(Self { child, address })
    }

    /// SIGKILL: no last words, no flush.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.kill(); // it may have ended by itself
    }
}

/// Returns the owner's invitation of a relay that nobody owns yet.
pub fn owner_invitation(data: &Path) -> anyhow::Result<String> {
    Ok(fs::read_to_string(data.join("owner-invitation.txt"))?.trim().to_owned())
}

/// Makes an invitation for one more member, beside the running relay.
pub fn invitation(data: &Path) -> anyhow::Result<String> {
    let mut invite = Command::new(program("sheaf-relay", "sheaf-relay")?);
    Ok(said(&["invite"], invite.arg("invite").arg("--data").arg(data).output()?)?.trim().to_owned())
}

/// Returns a document's plain text, as the relay holds it.
pub fn text(data: &Path, document: DocumentId) -> anyhow::Result<String> {
    let mut text = Command::new(program("sheaf-relay", "sheaf-relay")?);
    text.args(["text", "--data"]).arg(data).arg(document.to_string()).stdin(Stdio::null());
    said(&["text"], text.output()?)
}
