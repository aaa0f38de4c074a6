//! What the programs write into their logs at their most talkative: no secret, and no word of anybody's, but which line it
//! was and which push, under one name on both sides.

use std::collections::BTreeSet;
use std::fs::{self, File};

use anyhow::{Context as _, ensure};
use sheaf_stories::silence::{ACCESS_TOKEN, refresh_secret};

use crate::process::{Relay, owner_invitation};
use crate::terminal::{PASSWORD, Terminal};

/// Everything there is to tell.
const ALL: &str = "trace";
/// What Ada mistypes.
const MISTYPED: &str = "incorrect horse";
/// What Ada writes.
const TITLE: &str = "Diary of a harbour";
const WORDS: &str = "nobody should find this in a log";

#[tokio::test]
async fn no_log_has_a_secret_or_a_word_of_a_document() -> anyhow::Result<()> {
    let told = tokio::task::spawn_blocking(a_day_at_full_length).await??;
    let all = format!("{}{}", told.replica, told.relay);
    for (whose, secret) in &told.secrets {
        let line = all.lines().find(|line| line.contains(secret.as_str()));
        ensure!(line.is_none(), "{whose} stands in a log: {line:?}");
    }
    let refreshes = refresh_secret(&all);
    ensure!(refreshes.is_none(), "a refresh secret, or what looks like one, stands in a log: {refreshes:?}");
    for sign in ["TRACE", "the relay serves", "sheaf_client", "hyper_util"] {
        ensure!(all.contains(sign), "{sign:?} is missing: who says nothing proves nothing");
    }
    let pairs = [
        ("trace", "saying hello to the relay", "a replica connected"),
        ("push", "a push leaves", "a push arrived"),
    ];
    for (name, here, there) in pairs {
        let (here, there) = (names(&told.replica, here, name), names(&told.relay, there, name));
        ensure!(!here.is_empty() && here == there, "{name}: a name here {here:?} is no name there {there:?}");
    }
    Ok(())
}

/// Returns what a log's lines of one kind have in a field.
fn names(log: &str, line: &str, field: &str) -> BTreeSet<String> {
    // Each colour ends with an `m`.
    let plain = |line: &str| {
        let mut parts = line.split('\u{1b}');
        let first = parts.next().unwrap_or_default().to_owned();
        first + &parts.filter_map(|part| Some(part.split_once('m')?.1)).collect::<String>()
    };
    let told = log.lines().map(plain).filter(|told| told.contains(line));
    let start = format!(" {field}=");
    let named = |told: String| Some(told.split_once(&start)?.1.split(' ').next()?.to_owned());
    told.filter_map(named).collect()
}

/// What the logs say, and what must not stand in them.
struct Told {
    replica: String,
    relay: String,
    secrets: Vec<(&'static str, String)>,
}

/// Ada joins, mistypes her password, writes and syncs.
fn a_day_at_full_length() -> anyhow::Result<Told> {
    let data = tempfile::tempdir()?;
    let (folder, log) = (data.path().join("relay"), data.path().join("log"));
    let relay = Relay::start(&folder, "127.0.0.1:0", ALL, File::create(&log)?.into())?;
    let link = owner_invitation(&folder)?;
    let (address, invitation) = link.split_once("/join#").context("an invitation")?;

    let ada = Terminal::of("Ada")?;
    let mut said = String::new();
    let mut runs = |args: &[&str], password: &str, input: &str| -> anyhow::Result<()> {
        let mut command = ada.sheaf(args);
        fs::write(data.path().join("input"), input)?;
        command.env("SHEAF_LOG", ALL).env("SHEAF_PASSWORD", password);
        let output = command.stdin(File::open(data.path().join("input"))?).output()?;
        said += &String::from_utf8_lossy(&output.stderr);
        Ok(())
    };
    runs(&["join", &link, "--name", "Ada"], PASSWORD, "")?;
    runs(&["join", address, "--sign-in"], MISTYPED, "")?;
    runs(&["new", TITLE], PASSWORD, "")?;
    runs(&["append", TITLE], PASSWORD, WORDS)?;
    runs(&["sync"], PASSWORD, "")?;
    runs(&["join", "http://127.0.0.1:1/join#aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"], PASSWORD, "")?;
    ensure!(ada.says(&["cat", TITLE, "--text"])?.contains(WORDS), "the day went as told");
    drop(relay);

    let secrets = vec![
        ("the password", PASSWORD.to_owned()),
        ("a mistyped password", MISTYPED.to_owned()),
        ("an invitation", invitation.to_owned()),
        ("another's invitation", "a".repeat(43)),
        ("an access token", ACCESS_TOKEN.to_owned()),
        ("a title", TITLE.to_owned()),
        ("a document", WORDS.to_owned()),
    ];
    Ok(Told { replica: said, relay: fs::read_to_string(&log)?, secrets })
}
