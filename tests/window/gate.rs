//! What this Sheaf does not know stays as it is: in a document that is opened, and in one that is open already.

use sheaf_stories::world::World;

use crate::colleague::Colleague;
use crate::desk::Desk;
use crate::drawer::{from_the_future, written};
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_a_newer_sheaf_is_read_and_not_a_byte_of_it_changes() {
    let mut imke = Desk::new(&Session::begin());
    let mut plans = written("# Plans\n\nThe ferry leaves **at nine**.\n");
    plans.blocks.push(from_the_future("berth four, from above"));
    let [plans] = imke.put([plans]).await;
    let before = imke.stored(plans);

    imke.open_window().await;
    imke.says("[data-phase=reading] [role=note]", "does not know (hologram)").await;
    imke.says("[data-testid=stored]", "at nine").await;
    imke.says("[data-testid=stored]", "berth four, from above").await;
    imke.picture("read-only").await;
    assert_eq!(imke.ask("return document.querySelectorAll('.ProseMirror').length").await, 0, "no editor");

    imke.choose("Welcome to Sheaf").await;
    imke.see("[data-phase=editing] .ProseMirror").await;
    imke.choose("Plans").await;
    imke.see("[data-phase=reading]").await;
    imke.kill();
    assert_eq!(imke.stored(plans), before, "it was opened and closed, and no more");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_sheaf_adds_to_an_open_document_turns_the_page_to_reading() -> anyhow::Result<()> {
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
    imke.says("[data-phase=reading] [role=note]", "hologram").await;
    imke.says("[data-testid=stored]", "Imke was here.").await;
    imke.says("[data-testid=stored]", "Tomás has the new version").await;
    assert_eq!(imke.ask("return document.querySelectorAll('.ProseMirror').length").await, 0, "no editor");
    imke.kill();

    let after = imke.stored(welcome);
    assert!(after.starts_with(&before), "what was typed is stored as it was");
    assert_eq!(after.len(), before.len() + 1, "and the only other thing is what Tomás wrote");
    assert_eq!(imke.document(welcome).tree(), tomas.copy(welcome).await?.tree(), "both hold the same");
    Ok(())
}
