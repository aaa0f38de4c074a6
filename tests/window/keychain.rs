//! A machine without a keychain: people are told what that means, when they come to a team and at every start.

use sheaf_stories::world::World;

use crate::desk::Desk;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_keychain_is_told_and_keeps_every_word() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut imke = Desk::new(&Session::begin());
    // A keychain is asked over the session's bus.
    imke.equip("DBUS_SESSION_BUS_ADDRESS", "unix:path=/there/is/no/bus");

    imke.start().await;
    imke.fill_in("Share", &world.owner_invitation(world.address()), "Imke").await;
    imke.says("[role=dialog]", "no keychain that can keep your session").await;
    imke.press(".dialog button.primary").await;
    imke.status("Synced").await;
    imke.go_to_the_end().await;
    imke.type_words(" Before the app is closed.").await;
    imke.saved().await;
    imke.kill();

    imke.start().await;
    imke.says(".notice", "no keychain that can keep your session").await;
    imke.status("Signed out").await;
    imke.picture("no-keychain").await;
    imke.read("Before the app is closed.").await;
    imke.go_to_the_end().await;
    imke.type_words(" And after.").await;
    imke.saved().await;
    imke.press(".notice button").await;
    imke.until("the notice goes", async || {
        imke.ask("return !document.querySelector('.notice')").await == true
    })
    .await;
    Ok(())
}
