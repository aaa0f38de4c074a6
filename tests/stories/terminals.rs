//! Two people at terminals: the real `sheaf` in two processes, one trace, one relay between them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anyhow::{Context as _, ensure};
use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::keychain::{MemoryKeychain, Vault};
use sheaf_client::{Clock, Profile};
use sheaf_protocol::secret::Secret;
use sheaf_stories::world::World;
use tempfile::TempDir;

const PASSWORD: &str = "correct horse battery";

/// A terminal on a device, and whose it is.
struct Terminal {
    sheaf: PathBuf,
    email: &'static str,
    profile: TempDir,
}

impl Terminal {
    fn sheaf(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.sheaf);
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Without a keychain: every run signs in for itself.
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("SHEAF_PROFILE", self.profile.path());
        command.env("SHEAF_EMAIL", self.email).env("SHEAF_PASSWORD", PASSWORD);
        command
    }

    fn says(&self, args: &[&str]) -> anyhow::Result<String> {
        said(args, self.sheaf(args).output()?)
    }
}

fn said(args: &[&str], output: Output) -> anyhow::Result<String> {
    let trouble = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "sheaf {args:?}: {} {trouble}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

/// Returns the program: the workspace's tests build it beside this story; a story on its own builds it where it is missing.
fn program() -> anyhow::Result<PathBuf> {
    let story = env::current_exe()?;
    let folder = story.parent().and_then(Path::parent).context("a build folder")?;
    let program = folder.join(format!("sheaf{}", env::consts::EXE_SUFFIX));
    if !program.exists() {
        let built =
            Command::new(env!("CARGO")).args(["build", "--quiet", "--package", "sheaf-cli"]).status()?;
        ensure!(built.success(), "sheaf cannot be built");
    }
    Ok(program)
}

/// Returns an invitation, made by the relay's owner.
async fn invitation(world: &World) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let profile = Profile::open(folder.path())?;
    let owner = Enrolment {
        name: "Ada".to_owned(),
        email: "ada@example.org".to_owned(),
        password: Secret::new(PASSWORD),
        device: profile.device(&Clock::system())?,
        device_name: "desk".to_owned(),
    };
    let vault = Vault::open(MemoryKeychain::default()).await;
    let link = world.owner_invitation(world.address());
    let (account, _) = Account::join(&link, Insist::Encrypted, owner, vault, profile.folder()).await?;
    Ok(account.invite().await?.link.expose().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_terminals_play_one_trace_together() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let second = invitation(&world).await?;
    tokio::task::spawn_blocking(move || {
        let sheaf = program()?;
        let terminal =
            |email| anyhow::Ok(Terminal { sheaf: sheaf.clone(), email, profile: tempfile::tempdir()? });
        // Ada sits at a second device of hers; Tomás is invited.
        let (ada, tomas) = (terminal("ada@example.org")?, terminal("tomas@example.org")?);
        ada.says(&["join", &format!("http://{}", world.address()), "--sign-in"])?;
        tomas.says(&["join", &second, "--name", "Tomás"])?;
        let race = ada.says(&["new", "Race"])?;
        ada.says(&["sync"])?;
        tomas.says(&["sync"])?;
        let trace = concat!(env!("CARGO_MANIFEST_DIR"), "/traces/together.json");
        let part = |person| {
            ["replay", trace, "--into", race.trim(), "--of", "2", "--within", "120", "--as-person", person]
        };
        let first = ada.sheaf(&part("1")).spawn()?;
        tomas.says(&part("2")).context("Tomás plays")?;
        said(&part("1"), first.wait_with_output()?).context("Ada plays")?;
        let pages = [&ada, &tomas].map(|who| who.says(&["cat", "Race", "--text"]));
        let [hers, his] = pages;
        ensure!(hers? == his?, "both said that they have exactly the trace's text");
        Ok(())
    })
    .await?
}
