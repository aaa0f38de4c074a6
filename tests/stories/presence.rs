//! Who is in which document: everyone who has it in front of them, with a caret or without, until they go elsewhere.

use std::collections::BTreeMap;

use anyhow::Context as _;
use sheaf_client::{Events, ReplicaEvent};
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Origin;
use sheaf_protocol::frame::Here;
use sheaf_stories::world::World;
use tokio::time::timeout;

use crate::people::{PATIENCE, Person, paragraph, team};

/// Where somebody's caret is, as their editor wrote it.
const CARET: &str = "behind the second word";

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_is_seen_and_who_looks_at_another_document_is_seen_there() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let minutes = shared(imke, tomás, "begun").await?;
    let berths = shared(imke, tomás, "berth four is free").await?;
    let ((hers, _), (his, events)) = (imke.replica.watch(), tomás.replica.watch());
    let mut he = Eyes::of(events);
    his.open(minutes).await?;
    his.open(berths).await?;

    hers.open(minutes).await?;
    he.until(minutes, &[("Imke", "")]).await.context("she reads the minutes")?;
    hers.set_caret(minutes, CARET.into());
    he.until(minutes, &[("Imke", CARET)]).await.context("she has clicked into them")?;

    hers.open(berths).await?;
    he.until(minutes, &[]).await.context("she has other papers in front of her")?;
    he.until(berths, &[("Imke", "")]).await.context("before she clicks there")?;
    hers.set_caret(minutes, "".into());
    hers.close(minutes);
    hers.set_caret(minutes, CARET.into());
    hers.set_caret(berths, CARET.into());
    he.until(berths, &[("Imke", CARET)]).await.context("what ends late does not move her")?;

    hers.close(berths);
    he.until(berths, &[]).await.context("she has put them away")?;
    hers.open(berths).await?;
    he.until(berths, &[("Imke", "")]).await.context("her caret went with them")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caret_is_seen_until_its_person_leaves() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    let minutes = shared(imke, tomás, "begun").await?;
    let ((hers, _), (his, events)) = (imke.replica.watch(), tomás.replica.watch());
    let mut he = Eyes::of(events);
    hers.open(minutes).await?;
    his.open(minutes).await?;
    hers.set_caret(minutes, CARET.into());
    he.until(minutes, &[("Imke", CARET)]).await.context("her caret, as her editor wrote it")?;
    imke.replica.disconnect();
    he.until(minutes, &[]).await.context("Tomás never saw Imke leave")?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_back_to_a_workspace_sees_who_is_in_it() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let [imke, tomás] = people.as_slice() else { anyhow::bail!("two people") };
    shared(imke, tomás, "begun").await?;
    let (_his, events) = tomás.replica.watch();
    let mut he = Eyes::of(events);
    while tomás.replica.company().is_empty() {
        timeout(PATIENCE, he.events.next()).await?.context("the replica ended")?;
    }
    let names: Vec<_> = tomás.replica.company().into_iter().map(|here| here.name).collect();
    assert_eq!(names, ["Imke"], "who begins to watch now is not told by the relay, and can ask all the same");
    tomás.line.cut();
    while !tomás.replica.company().is_empty() {
        timeout(PATIENCE, he.events.next()).await?.context("the replica ended")?;
    }
    Ok(())
}

/// Returns a document of Imke's that Tomás has too.
async fn shared(imke: &Person, tomás: &Person, words: &str) -> anyhow::Result<DocumentId> {
    let document = imke.replica.create("", vec![paragraph(words)], Origin::TYPED).await?;
    tomás.has_all(document, &[words.to_owned()].into()).await?;
    Ok(document)
}

/// What somebody sees of the others.
struct Eyes {
    events: Events,
    seen: BTreeMap<DocumentId, Vec<Here>>,
}

impl Eyes {
    fn of(events: Events) -> Self {
        Self { events, seen: BTreeMap::new() }
    }

    /// Waits until just these people are in a document, with their carets there.
    async fn until(&mut self, document: DocumentId, expected: &[(&str, &str)]) -> anyhow::Result<()> {
        let as_expected = |here: &Vec<Here>| {
            let carets =
                here.iter().map(|person| (&*person.name, person.caret.as_deref().unwrap_or_default()));
            carets.eq(expected.iter().map(|(name, caret)| (*name, caret.as_bytes())))
        };
        while !self.seen.get(&document).is_some_and(as_expected) {
            let event = timeout(PATIENCE, self.events.next()).await?.context("the replica ended")?;
            if let ReplicaEvent::People { document: Some(document), people } = event {
                self.seen.insert(document, people);
            }
        }
        Ok(())
    }
}
