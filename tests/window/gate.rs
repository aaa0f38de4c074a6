//! What this Sheaf does not know stays as it is, between what people write: in a document that is opened, and in one that is open
//! already.

use bytes::Bytes;
use sheaf_document::tree::{Element, Node};
use sheaf_document::update::{DocState, Limits};
use sheaf_stories::world::World;

use crate::colleague::Colleague;
use crate::desk::Desk;
use crate::drawer::{from_the_future, written};
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn a_block_of_a_newer_sheaf_stands_between_what_imke_writes_and_not_a_struct_of_it_changes() {
    let mut imke = Desk::new(&Session::begin());
    let mut plans = written("# Plans\n\nThe ferry leaves **at nine**.\n");
    plans.blocks.push(from_the_future("berth four, from above"));
    plans.blocks.extend(written("The crew meets at eight.\n").blocks);
    let [plans] = imke.put([plans]).await;
    let before = imke.stored(plans);

    imke.start().await;
    imke.says(".ProseMirror .unknown", "berth four, from above").await;
    imke.choose("Welcome to Sheaf").await;
    imke.read("every word is kept as you type it").await;
    imke.choose("Plans").await;
    imke.says(".ProseMirror .unknown", "berth four, from above").await;
    assert_eq!(imke.stored(plans), before, "it was opened and closed, and no more");

    for (block, words) in [("p:first-of-type", "Above!"), ("p:last-of-type", "Below!")] {
        imke.click(block).await;
        imke.type_words(words).await;
    }
    imke.saved().await;
    imke.picture("unknown").await;
    imke.kill();

    let after = imke.stored(plans);
    assert!(after.starts_with(&before), "what was stored is stored");
    assert!(!deletes(&after), "and every struct of it is alive");
    let text = imke.document(plans).text();
    assert!(text.contains("Above!") && text.contains("Below!"), "with what she wrote beside it: {text}");
    let block = from_the_future("berth four, from above");
    assert!(imke.document(plans).tree().children.contains(&block), "it says what it said");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_text_of_a_block_that_two_edits_broke_is_there_and_is_not_mended() {
    let mut imke = Desk::new(&Session::begin());
    let mut plans = written("# Plans\n\nThe ferry leaves at nine.\n");
    let adrift = Element::new("paragraph").containing([Node::text("adrift")]);
    let list = Element::new("bulletList").containing([Element::new("listItem").into(), adrift.into()]);
    plans.blocks.push(list.into());
    let [plans] = imke.put([plans]).await;
    let before = imke.stored(plans);

    imke.start().await;
    imke.says(".ProseMirror ul", "adrift").await;
    assert_eq!(imke.stored(plans), before, "looking at it writes nothing");
    imke.click("p:first-of-type").await;
    imke.type_words("!").await;
    imke.saved().await;
    imke.kill();
    let after = imke.stored(plans);
    assert_eq!(after.len(), before.len() + 1, "she wrote a letter");
    assert!(!deletes(&after), "and nothing went for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_sheaf_adds_to_an_open_document_stands_beside_the_caret() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut imke = Desk::new(&Session::begin());
    imke.start().await;
    imke.meet("Share", &world.owner_invitation(world.address()), "Imke").await;
    imke.see("[data-phase=editing] .ProseMirror").await;
    let tomas = Colleague::join("Tomas", &world, world.address()).await?;
    let welcome = imke.only_document();
    imke.go_to_the_end().await;
    imke.type_words(" Imke was here.").await;
    imke.saved().await;
    tomas.read(welcome, "Imke was here.").await?;
    let before = imke.stored(welcome);

    tomas.add(welcome, from_the_future("Tomás has the new version")).await?;
    imke.says(".ProseMirror .unknown", "Tomás has the new version").await;
    imke.type_words(" And still is.").await;
    imke.saved().await;
    tomas.read(welcome, "Imke was here. And still is.").await?;
    imke.kill();

    let after = imke.stored(welcome);
    assert!(after.starts_with(&before), "what was typed is stored as it was");
    let block = from_the_future("Tomás has the new version");
    assert!(imke.document(welcome).tree().children.contains(&block), "and so is what Tomás wrote");
    assert_eq!(imke.document(welcome).tree(), tomas.copy(welcome).await?.tree(), "both hold the same");
    Ok(())
}

/// Says whether any of these updates deletes something.
fn deletes(updates: &[Bytes]) -> bool {
    let mut state = DocState::new([7; 16]);
    updates.iter().any(|update| {
        let admitted = state.admit(update, &Limits::WHOLE).expect("all of it is sound");
        !admitted.summary().deletes.is_empty()
    })
}
