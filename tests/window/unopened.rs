//! Workspaces that cannot be opened: the window opens all the same, says why and what to do, and touches nothing.

use std::fs;

use rusqlite::Connection;
use sheaf_client::{Clock, Profile, Replica};

use crate::desk::Desk;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_workspace_is_told_by_a_window_and_left_as_it_is() {
    let mut imke = Desk::new(&Session::begin());
    fs::write(imke.database(), b"spilled coffee ".repeat(1000)).expect("the accident happens");
    let before = imke.files();
    imke.open_window().await;
    imke.says("[role=alert]", "damaged").await;
    imke.says("[role=alert]", "Restore it from a backup").await;
    claims_nothing(&imke).await;
    imke.picture("damaged").await;
    imke.kill();
    assert_eq!(imke.files(), before, "nothing was tried on the only copy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_of_a_newer_sheaf_waits_for_the_update() {
    let mut ada = Desk::new(&Session::begin());
    let database = Connection::open(ada.database()).expect("SQLite opens it");
    database.pragma_update(None, "user_version", 9_999).expect("a newer Sheaf was here");
    database.close().expect("and has ended");
    let before = ada.files();
    ada.open_window().await;
    ada.says("[role=alert]", "newer Sheaf").await;
    ada.says("[role=alert]", "Update Sheaf").await;
    claims_nothing(&ada).await;
    ada.picture("newer").await;
    ada.kill();
    assert_eq!(ada.files(), before, "an old program does nothing to a new file");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workspace_that_another_program_writes_is_left_to_it() {
    let mut tomas = Desk::new(&Session::begin());
    let profile = Profile::open(tomas.profile()).expect("the folder is there");
    let workspace = profile.begin(&Clock::system()).expect("a first start");
    let other = Replica::open(&profile, workspace, Clock::system()).await.expect("the other is first");
    let welcome = tomas.only_document();
    let before = tomas.stored(welcome);
    tomas.open_window().await;
    tomas.says("[role=alert]", "Another Sheaf has this workspace open").await;
    claims_nothing(&tomas).await;
    tomas.picture("locked").await;
    assert_eq!(tomas.stored(welcome), before, "nobody else writes");

    other.stop().await;
    tomas.press("[role=alert] button").await;
    tomas.read("every word is kept as you type it").await;
    tomas.go_to_the_end().await;
    tomas.type_words(" My turn.").await;
    tomas.saved().await;
    tomas.status("Saved on this device").await;
}

/// Of a workspace that is not open nobody says that it is saved, in words or in green.
async fn claims_nothing(who: &Desk) {
    who.status("No workspace is open").await;
    let claims = "return [...document.querySelectorAll('[role=status], [aria-live]')]\
        .some((line) => line.querySelector('.good') || /saved|synced/i.test(line.textContent))";
    assert_eq!(who.ask(claims).await, false, "nothing is known of it");
}
