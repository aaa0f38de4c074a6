//! Three people, three windows, one relay, and a tunnel in between.

use std::process::Command;

use sheaf_stories::line::Line;
use sheaf_stories::world::World;

use crate::desk::Desk;
use crate::driver;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_in_the_tunnel_is_everywhere_after_it() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let line = Line::to(world.address()).await?;
    let session = Session::begin();
    let [mut imke, mut tomas, mut ada] = [(); 3].map(|()| Desk::new(&session));

    imke.start().await;
    let [owners, members, late] = [
        world.owner_invitation(line.address()),
        world.invitation(line.address())?,
        world.invitation(line.address())?,
    ];
    imke.meet("Share", &owners, "Imke").await;
    imke.see("[data-phase=editing] .ProseMirror").await;
    imke.status("Synced").await;
    tomas.start().await;
    tomas.meet("Join a team", &members, "Tomás").await;
    tomas.open_first().await;
    tomas.status("Synced").await;
    tomas.read("every word is kept as you type it").await;
    imke.see(".faces li[title='Tomás']").await;
    tomas.see(".faces li[title='Imke']").await;

    imke.go_to_the_end().await;
    imke.type_words(" Imke is on the train.").await;
    tomas.read("Imke is on the train.").await;
    tomas.go_to_the_end().await;
    tomas.type_words(" Tomás too.").await;
    imke.read("Tomás too.").await;
    for (who, other) in [(&imke, "Tomás"), (&tomas, "Imke")] {
        let named = "return document.querySelector('.ProseMirror .caret-name')?.textContent ?? ''";
        who.until("the other's caret bears their name", async || who.ask(named).await == other).await;
    }

    line.cut();
    imke.status("Offline").await;
    tomas.status("Offline").await;
    imke.type_words(" It is dark.").await;
    imke.saved().await;
    imke.status("waiting").await;
    tomas.type_words(" Nobody loses a sentence.").await;
    tomas.read("Nobody loses a sentence.").await;
    tomas.saved().await;
    tomas.type_words(" Mid-wo").await;
    tomas.kill();

    tomas.start().await;
    tomas.read("Nobody loses a sentence.").await;
    line.restore();
    imke.status("Synced").await;
    tomas.status("Synced").await;
    imke.read("Nobody loses a sentence.").await;
    tomas.read("It is dark.").await;
    tomas.until("both windows show the same", async || tomas.text().await == imke.text().await).await;

    ada.start().await;
    ada.meet("Join a team", &late, "Ada").await;
    ada.open_first().await;
    ada.status("Synced").await;
    ada.until("a fresh replica holds the same", async || ada.text().await == imke.text().await).await;
    let text = ada.text().await;
    for words in ["Imke is on the train.", "Tomás too.", "It is dark.", "Nobody loses a sentence."] {
        assert_eq!(text.matches(words).count(), 1, "{words:?} is there once: {text}");
    }
    let document = ada.only_document();
    let mut relay = Command::new(driver::app().with_file_name("sheaf-relay"));
    relay.args(["text", "--data"]).arg(world.folder()).arg(document.to_string());
    let relay = String::from_utf8(relay.output()?.stdout)?;
    let here = ada.document(document).text();
    assert!(
        !here.is_empty() && relay.trim_end().ends_with(here.trim_end()),
        "the relay holds the same: {relay}"
    );

    for (who, invitation) in [(&imke, &owners), (&tomas, &members), (&ada, &late)] {
        let invitation = invitation.rsplit('#').next().unwrap_or_default();
        let words = ["every word is kept", "on the train", "It is dark", "Nobody loses", "Mid-wo"];
        who.has_silent_logs(&[&["correct horse", invitation], &words[..]].concat());
    }
    Ok(())
}
