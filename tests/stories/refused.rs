//! Whatever breaks a rule is refused by the relay with a code, waits at its writer for a person, and is in nobody's way.
//!
//! The rows are planted in Imke's database: no Sheaf would write them, but a damaged, foreign or hostile one might.

#[path = "../../crates/document/tests/support/refused.rs"]
mod corpus;

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use sheaf_client::replica::{Edit, Settlement};
use sheaf_client::{Replica, ReplicaError, Status, session};
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::tree::{Element, Node};
use sheaf_document::typist::Typist;
use sheaf_document::update::{DocState, Limits, RefusalCode};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::problem::Code;
use sheaf_store::{Access, LocalWrite, Store};
use sheaf_stories::world::World;
use tokio::time::timeout;

use crate::desk::Desk;

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(300);

fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

fn plant(store: &mut Store, document: DocumentId, bytes: Vec<u8>) -> anyhow::Result<()> {
    store.commit_local(&LocalWrite { document, origin: Origin::TYPED, at: 1, bytes: bytes.into() })?;
    Ok(())
}

async fn until(replica: &Replica, what: &str, stands: impl Fn(&Status) -> bool) -> anyhow::Result<()> {
    let mut status = replica.follow_status();
    let waited = timeout(PATIENCE, status.wait_for(|status| stands(status))).await;
    waited.with_context(|| format!("never {what}: {:?}", replica.status()))??;
    Ok(())
}

/// Waits until a document reads so.
async fn reads(replica: &Replica, document: DocumentId, words: &str) -> anyhow::Result<()> {
    let (_watcher, mut events) = replica.watch();
    while replica.text(document).await.ok().as_deref() != Some(words) {
        timeout(PATIENCE, events.next()).await.with_context(|| format!("never read {words:?}"))?;
    }
    Ok(())
}

/// What the relay is to say of an update that follows these.
fn verdict(before: &[Vec<u8>], update: &[u8]) -> anyhow::Result<(Code, String)> {
    let mut state = DocState::new([0; 16]);
    for update in before {
        state.admit(update, &Limits::BULK)?;
    }
    let refusal = state.admit(update, &Limits::BULK).err().context("every one of them is refused")?;
    Ok(match refusal.code {
        RefusalCode::Size => (Code::TOO_LARGE, format!("{} bytes", update.len())),
        code if code.needs_resync() => (Code::INVALID, "the relay lacks what this builds on".to_owned()),
        _ => (Code::INVALID, refusal.to_string()),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_reaches_its_writer_with_a_code_and_nothing_is_lost() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let imke = Desk::join("Imke", &world.owner_invitation(world.address())).await?;
    let tomás = Desk::join("Tomás", &world.invitation(world.address())?).await?;
    let mut expected = BTreeMap::new();
    {
        imke.open().await?.stop().await;
        let mut store = imke.disk(Access::Write)?;
        for (number, case) in (1..).zip(corpus::all()) {
            let document = DocumentId::from_bytes([number; 16]);
            let (before, update) = (case.before(), case.update());
            expected.insert(document, (case.code, verdict(&before, &update)?, Bytes::from(update.clone())));
            before.into_iter().try_for_each(|sound| plant(&mut store, document, sound))?;
            plant(&mut store, document, update)?;
        }
    }
    let replica = imke.open().await?;
    let minutes =
        replica.create("Minutes", vec![paragraph("written behind all of that")], Origin::TYPED).await?;
    until(&replica, "told of everything", |status| {
        status.forks == expected.len() as u64 && status.relay == Some(session::Status::Synced)
    })
    .await?;
    let forks: BTreeMap<_, _> =
        replica.forks().await?.into_iter().map(|fork| (fork.document, (fork.code, fork.detail))).collect();
    let disk = imke.disk(Access::Read)?;
    for (document, (rule, verdict, bytes)) in &expected {
        ensure!(forks.get(document) == Some(verdict), "{rule}: {:?}, not {verdict:?}", forks.get(document));
        let kept = disk.updates(*document)?.list.contains(bytes);
        ensure!(kept, "{rule}: what was refused is kept, byte for byte");
    }

    let other = tomás.open().await?;
    reads(&other, minutes, "written behind all of that").await?;
    other.stop().await;
    let disk = tomás.disk(Access::Read)?;
    for (document, case) in (1..).map(|number| DocumentId::from_bytes([number; 16])).zip(corpus::all()) {
        let there = disk.updates(document)?.list;
        ensure!(there == case.before(), "{}: what was sound has arrived, and nothing else", case.code);
    }
    replica.stop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_devices_client_id_is_refused_and_the_words_are_kept() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let imke = Desk::join("Imke", &world.owner_invitation(world.address())).await?;
    let tomás = Desk::join("Tomás", &world.invitation(world.address())?).await?;
    let document = DocumentId::from_bytes([1; 16]);
    let (mut typist, begin) = Typist::begin(77);
    let (hers, his) = (typist.edit(0, 0, "Imke's"), typist.edit(6, 0, " and not Tomás's"));
    {
        imke.open().await?.stop().await;
        let mut store = imke.disk(Access::Write)?;
        plant(&mut store, document, begin)?;
        plant(&mut store, document, hers)?;
    }
    let replica = imke.open().await?;
    until(&replica, "in step", |status| status.waiting == 0 && status.is_synced()).await?;
    let other = tomás.open().await?;
    reads(&other, document, "Imke's").await?;
    other.stop().await;
    plant(&mut tomás.disk(Access::Write)?, document, his)?;
    let other = tomás.open().await?;
    until(&other, "told", |status| status.forks == 1).await?;
    let fork = other.forks().await?.into_iter().next().context("a fork")?;
    ensure!(fork.code == Code::CLIENT_ID_TAKEN, "the code says whose it is: {fork:?}");
    ensure!(other.text(document).await? == "Imke's and not Tomás's", "his words stay on his device");
    ensure!(replica.text(document).await? == "Imke's", "and reach nobody under her name");

    other.settle(document, Settlement::Discard).await?;
    other.append(document, vec![paragraph("Tomás's own")], Origin::TYPED).await?;
    // On the same connection: giving something up must not silence what comes after it.
    reads(&replica, document, "Imke's\nTomás's own").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paste_of_seventeen_mebibytes_is_refused_before_it_is_in_the_document() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let imke = Desk::join("Imke", &world.owner_invitation(world.address())).await?;
    let replica = imke.open().await?;
    let minutes = replica.create("Minutes", vec![paragraph("small")], Origin::TYPED).await?;
    let mut page = Document::new(5);
    let bytes = Bytes::from(page.append(&[paragraph(&"x".repeat(17 << 20))]));
    ensure!(bytes.len() > 17 << 20, "real size");
    let edit = Edit { document: minutes, bytes, origin: Origin::TYPED, by: None };
    match replica.commit(edit).await {
        Err(ReplicaError::Refused(refusal)) => ensure!(refusal.code == RefusalCode::Size, "{refusal}"),
        other => anyhow::bail!("too large for everyone else, so too large here: {other:?}"),
    }
    until(&replica, "in step", Status::is_synced).await?;
    ensure!(replica.text(minutes).await? == "small", "the document is as it was");
    let tomás = Desk::join("Tomás", &world.invitation(world.address())?).await?;
    let other = tomás.open().await?;
    reads(&other, minutes, "small").await?;
    until(&other, "in step", Status::is_synced).await?;
    let largest = "x".repeat((16 << 20) - 1_000);
    replica.append(minutes, vec![paragraph(&largest)], Origin::TYPED).await?;
    reads(&other, minutes, &format!("small\n{largest}")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_full_at_the_relay_reads_whole_at_its_writer() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let imke = Desk::join("Imke", &world.owner_invitation(world.address())).await?;
    let replica = imke.open().await?;
    let log = replica.create("Log", vec![paragraph("begun")], Origin::TYPED).await?;
    let line = |client: u64| Document::new(client).append(&[paragraph("another hand")]).into();
    let edit = |client| Edit { document: log, bytes: line(client), origin: Origin::API, by: None };
    // With whoever began it one more than the relay takes.
    replica.commit_all((1..=4_096).map(edit).collect()).await?;
    until(&replica, "told", |status| status.forks == 1).await?;
    let fork = replica.forks().await?.into_iter().next().context("a fork")?;
    ensure!(fork.code == Code::DOCUMENT_FULL, "the person is told why: {fork:?}");
    let lines = replica.text(log).await?.lines().count();
    ensure!(lines == 4_097, "every line is still on this device, not {lines}");

    let tomás = Desk::join("Tomás", &world.invitation(world.address())?).await?;
    let other = tomás.open().await?;
    until(&other, "in step", Status::is_synced).await?;
    let lines = other.text(log).await?.lines().count();
    ensure!(lines == 4_096, "whoever joins reads all that the relay took, not {lines}");
    Ok(())
}
