//! Two teams on two relays, one window: what arrives for the one while somebody writes in the other is there when they come.

use fantoccini::Locator;
use sheaf_client::{Profile, Reader};
use sheaf_document::ids::WorkspaceId;
use sheaf_stories::world::World;

use crate::colleague::Colleague;
use crate::desk::Desk;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn imke_sings_in_a_choir_and_works_in_a_crew() -> anyhow::Result<()> {
    let (crew, mut choir) = (World::of("Harbour crew").await?, World::of("Choir").await?);
    let session = Session::begin();
    let [mut imke, mut bo] = [(); 2].map(|()| Desk::new(&session));
    imke.start().await;
    imke.meet("Share", &crew.owner_invitation(crew.address()), "Imke").await;
    imke.status("Synced").await;
    let tomas = Colleague::join("Tomas", &crew, crew.address()).await?;
    let welcome = tomas.finds("Welcome to Sheaf").await?;

    imke.press(".workspace-switch").await;
    imke.press_named("Join another team").await;
    imke.says("[role=dialog]", "Harbour crew stays open and in step").await;
    imke.introduce(&choir.owner_invitation(choir.address()), "Imke").await;
    imke.dialog_is_done().await;
    imke.says(".workspace-switch", "Choir").await;
    imke.status("Synced").await;

    imke.go_to("Harbour crew").await;
    imke.go_to_the_end().await;
    imke.type_words(" Berth four").await;
    let ada = Colleague::join("Ada", &choir, choir.address()).await?;
    ada.write("Carols", "Sopranos at seven.").await?;
    imke.type_words(" leaks.").await;
    tomas.read(welcome, "Berth four leaks.").await?;
    imke.until("the carols are on her disk", async || has(&imke, "Carols")).await;
    imke.press(".workspace-switch").await;
    imke.says("[role=menu]", "Choir\nSynced").await;
    imke.picture("side-by-side").await;

    choir.stop_relay().await?;
    imke.says("[role=menu]", "Choir\nOffline").await;
    imke.choose_workspace("Choir").await;
    imke.choose("Carols").await;
    imke.read("Sopranos at seven.").await;
    imke.status("Offline").await;
    choir.start_relay().await?;
    imke.status("Synced").await;

    imke.see(".company .face").await;
    imke.press(".company button").await;
    imke.says("[role=dialog]", "Ada").await;
    imke.says("[role=dialog]", "2 people, 2 online").await;
    imke.press_named("Invite someone").await;
    imke.says("[role=dialog]", "Good for one person, until").await;
    imke.picture("members").await;
    let link = imke.ask("return document.querySelector('.dialog .link input').value").await;
    bo.start().await;
    bo.meet("Join a team", link.as_str().expect("a link is text"), "Bo").await;
    bo.says(".workspace-switch", "Choir").await;
    bo.choose("Carols").await;
    bo.read("Sopranos at seven.").await;
    imke.says("[role=dialog]", "3 people, 3 online").await;
    let row = "//li[contains(., 'Bo')][contains(., 'Online') or contains(., 'In Carols')]";
    imke.until("Bo is online", async || imke.page().find(Locator::XPath(row)).await.is_ok()).await;
    bo.press(".company button").await;
    bo.says("[role=dialog]", "3 people, 3 online").await;
    bo.says("[role=dialog]", "In Carols").await;
    Ok(())
}

/// Says whether a document of this title is in any workspace on somebody's disk.
fn has(who: &Desk, title: &str) -> bool {
    let profile = Profile::open(who.profile()).expect("the folder is there");
    let titles = |workspace: WorkspaceId| {
        let rows = Reader::open(&profile, workspace).and_then(|reader| reader.documents());
        rows.unwrap_or_default().into_iter().map(|row| row.title).collect::<Vec<_>>()
    };
    profile
        .workspaces()
        .expect("they can be listed")
        .into_iter()
        .any(|id| titles(id).iter().any(|it| it == title))
}
