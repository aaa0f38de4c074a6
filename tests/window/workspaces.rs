//! Whoever joins a team leaves nothing behind: what they wrote alone is where it was, and there is a way back to it.

use fantoccini::Locator;
use sheaf_stories::world::World;

use crate::desk::Desk;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn what_bo_wrote_before_joining_is_found_again() -> anyhow::Result<()> {
    let world = World::of("Harbour crew").await?;
    let mut bo = Desk::new(&Session::begin());
    bo.start().await;
    bo.go_to_the_end().await;
    bo.type_words(" Berth four leaks.").await;
    bo.saved().await;
    assert!(bo.page().find(Locator::Css(".workspace-switch")).await.is_err(), "there is nowhere to go yet");

    bo.meet("Join a team", &world.owner_invitation(world.address()), "Bo").await;
    bo.says(".workspace-switch", "Harbour crew").await;
    bo.status("Synced").await;
    bo.go_to("This device").await;
    bo.read("Berth four leaks.").await;
    bo.status("Saved on this device").await;
    bo.go_to_the_end().await;
    bo.type_words(" So does five.").await;
    bo.saved().await;
    bo.kill();

    bo.start().await;
    bo.read("Berth four leaks. So does five.").await;
    bo.go_to("Harbour crew").await;
    bo.status("Synced").await;
    bo.says(".workspace-switch", "Harbour crew").await;
    assert!(!bo.text().await.contains("leaks"), "the team's documents are the team's");
    Ok(())
}
