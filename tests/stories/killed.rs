//! Everything is a process, and everything is killed: people at terminals, each over a line of their own that is cut at any
//! byte, and their relay. In the end all hold the same text, with every word that a program had called saved.
//!
//! Nothing here is told beforehand that it will end: a kill is SIGKILL. Who is killed, and after what, comes from the seed,
//! which a failure prints.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use anyhow::{Context as _, ensure};
use sheaf_client::chance;
use sheaf_document::ids::DocumentId;
use sheaf_stories::line::Line;

use crate::offline::Chance;
use crate::process::{Relay, invitation, owner_invitation, text};
use crate::terminal::Terminal;

/// What everybody writes into.
const MINUTES: &str = "Minutes";
/// A moment is at most so many turns of an empty loop: about as long as a program needs to start, write and end.
const MOMENT: u64 = 4_000_000;

/// Somebody at a terminal.
struct Writer {
    name: String,
    terminal: Terminal,
    line: Line,
    /// `sheaf sync --follow`, while it runs.
    following: Option<Following>,
    /// The lines whose append returned success.
    saved: BTreeSet<String>,
    /// The lines of killed appends, which may be there or not.
    perhaps: BTreeSet<String>,
}

/// A replica that is connected, and what it says.
struct Following {
    program: Child,
    says: BufReader<ChildStdout>,
}

impl Following {
    /// Waits until it says this, or ends because the line is down.
    fn until(&mut self, sign: &str) -> anyhow::Result<()> {
        let mut line = String::new();
        while !line.contains(sign) {
            line.clear();
            if self.says.read_line(&mut line)? == 0 {
                break;
            }
        }
        Ok(())
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let _ = self.program.kill(); // it may have ended by itself
        let _ = self.program.wait();
    }
}

impl Writer {
    async fn join(name: &str, relay: &Relay, invitation: &str) -> anyhow::Result<Self> {
        let line = Line::to(relay.address).await?;
        let link = invitation.replace(&relay.address.to_string(), &line.address().to_string());
        let (terminal, name) = (Terminal::join(name, &link)?, name.to_owned());
        let (saved, perhaps) = <(BTreeSet<_>, BTreeSet<_>)>::default();
        Ok(Self { name, terminal, line, following: None, saved, perhaps })
    }

    /// Writes a line; the program is killed a moment later, if there is to be such a moment.
    fn append(&mut self, words: &str, moment: Option<u64>) -> anyhow::Result<()> {
        let mut program = self.terminal.sheaf(&["append", MINUTES]).stdin(Stdio::piped()).spawn()?;
        let written = program.stdin.take().context("a pipe")?.write_all(words.as_bytes());
        if let Some(moment) = moment {
            spin(moment);
            program.kill()?;
        }
        let output = program.wait_with_output()?;
        let trouble = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success() || moment.is_some(), "{} cannot write: {trouble}", self.name);
        ensure!(written.is_ok() || moment.is_some(), "{} is heard: {written:?}", self.name);
        let lines = if output.status.success() { &mut self.saved } else { &mut self.perhaps };
        lines.insert(words.to_owned());
        Ok(())
    }

    /// Puts the document somewhere else; the program is killed a moment later, if there is to be such a moment.
    fn put(&self, way: &str, moment: Option<u64>) -> anyhow::Result<()> {
        let mut program = self.terminal.sheaf(&[way, MINUTES]).stdout(Stdio::null()).spawn()?;
        if let Some(moment) = moment {
            spin(moment);
            program.kill()?;
        }
        let ended = program.wait()?;
        ensure!(ended.success() || moment.is_some(), "{} cannot {way}: {ended}", self.name);
        Ok(())
    }

    fn follow(&mut self) -> anyhow::Result<&mut Following> {
        let mut program = self.terminal.sheaf(&["sync", "--follow"]).stderr(Stdio::null()).spawn()?;
        let says = BufReader::new(program.stdout.take().context("a pipe")?);
        Ok(self.following.insert(Following { program, says }))
    }

    /// What stands in the tree, and what in the trash, without when it was changed.
    fn tree(&self) -> anyhow::Result<[String; 2]> {
        let list = |args: &[&str]| {
            let said = self.terminal.says(args)?;
            let lines = said.lines().map(|line| line.split("  ").filter(|part| !part.starts_with("20")));
            let lines = lines.map(|parts| parts.collect::<Vec<_>>().join("  "));
            anyhow::Ok(lines.collect::<Vec<_>>().join("\n"))
        };
        Ok([list(&["list"])?, list(&["list", "--trash"])?])
    }

    fn reads(&self) -> anyhow::Result<String> {
        self.terminal.says(&["cat", MINUTES, "--text"])
    }
}

fn spin(turns: u64) {
    (0..turns).for_each(|_| std::hint::spin_loop());
}

async fn everything_is_killed(names: &[&str], steps: u32) -> anyhow::Result<()> {
    let given = std::env::var("SHEAF_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed = given.unwrap_or_else(|| u64::from_le_bytes(chance::bytes()) | 1);
    let told = told_from(Chance::new(seed), names, steps).await;
    told.with_context(|| format!("SHEAF_SEED={seed} tells this story again"))
}

async fn told_from(mut chance: Chance, names: &[&str], steps: u32) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("relay");
    let start = |listen: &str| Relay::start(&data, listen, "warn", Stdio::null());
    let mut relay = start("127.0.0.1:0")?;
    let listen = relay.address.to_string();
    let mut people: Vec<Writer> = Vec::new();
    for name in names {
        let link = if people.is_empty() { owner_invitation(&data)? } else { invitation(&data)? };
        people.push(Writer::join(name, &relay, &link).await?);
    }
    let first = people.first().context("somebody begins")?;
    let document: DocumentId = first.terminal.says(&["new", MINUTES])?.trim().parse()?;
    for person in &people {
        person.terminal.says(&["sync"])?;
    }
    for step in 0..steps {
        let who = usize::try_from(chance.below(people.len() as u64))?;
        let person = people.get_mut(who).context("one of them")?;
        let words = format!("{} in step {step}", person.name);
        let (act, moment) = (chance.below(11), chance.below(MOMENT));
        match act {
            // Whoever is connected is killed at this: one program has the workspace.
            0..2 => {
                person.following = None;
                person.append(&words, None)?;
            }
            2..4 => {
                person.following = None;
                person.append(&words, Some(moment))?;
            }
            4..7 => {
                person.line.restore();
                let following = person.follow()?;
                match chance.below(4) {
                    0 => spin(moment),
                    1 => following.until("relay")?,
                    2 => following.until("synced")?,
                    _ => person.line.cut_after(u32::try_from(chance.below(6_000))?),
                }
            }
            7 => person.line.cut(),
            8..10 => {
                person.following = None;
                let way = ["move", "trash", "restore"].get(usize::try_from(chance.below(3))?);
                person.put(way.context("one of three")?, Some(moment).filter(|moment| moment % 2 == 0))?;
            }
            _ => {
                relay.kill()?;
                spin(moment);
                relay = start(&listen)?;
            }
        }
    }
    all_the_same(&mut people, &mut relay, start, &data, document).await
}

/// Everything is killed once more, and then nothing: all come to hold the same.
async fn all_the_same(
    people: &mut [Writer],
    relay: &mut Relay,
    start: impl Fn(&str) -> anyhow::Result<Relay>,
    data: &Path,
    document: DocumentId,
) -> anyhow::Result<()> {
    people.iter_mut().for_each(|person| person.following = None);
    relay.kill()?;
    *relay = start(&relay.address.to_string())?;
    // The second time brings what those wrote who came later.
    for _ in ["everybody sends", "everybody fetches"] {
        for person in people.iter() {
            person.line.restore();
            person.terminal.says(&["sync"])?;
        }
    }
    let trees: Vec<[String; 2]> = people.iter().map(Writer::tree).collect::<anyhow::Result<_>>()?;
    ensure!(trees.iter().all(|tree| Some(tree) == trees.first()), "everyone sees one tree: {trees:#?}");
    let shown = trees.iter().flatten().filter(|level| level.contains(&document.to_string())).count();
    ensure!(shown == trees.len(), "and the document in it, or in the trash: {trees:#?}");
    let kept = text(data, document)?;
    for person in people.iter() {
        ensure!(person.reads()?.trim() == kept.trim(), "{} reads what the relay holds:\n{kept}", person.name);
    }
    let lines: Vec<&str> = kept.lines().filter(|line| !line.is_empty()).collect();
    let once: BTreeSet<&str> = lines.iter().copied().collect();
    ensure!(once.len() == lines.len(), "no line is there twice:\n{kept}");
    for person in people.iter() {
        for words in &person.saved {
            ensure!(once.contains(words.as_str()), "{words:?} had been called saved:\n{kept}");
        }
    }
    let written: BTreeSet<&str> =
        people.iter().flat_map(|person| person.saved.union(&person.perhaps)).map(String::as_str).collect();
    ensure!(once.is_subset(&written), "and nothing is there that nobody wrote:\n{kept}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_and_their_relay_are_killed_and_lose_no_word() -> anyhow::Result<()> {
    everything_is_killed(&["Imke", "Tomás"], 32).await
}

#[tokio::test(flavor = "multi_thread")]
async fn five_people_and_their_relay_are_killed_and_lose_no_word() -> anyhow::Result<()> {
    everything_is_killed(&["Imke", "Tomás", "Ada", "Bo", "Chidi"], 40).await
}
