//! Closing the window: it goes by itself once every word is on the disk, and until then it stays and says so.

use fantoccini::Locator;
use fantoccini::error::CmdError;

use crate::desk::Desk;
use crate::full_disk::not_all_is_saved;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_is_closed_at_once_keeps_the_last_word() {
    let mut imke = Desk::new(&Session::begin());
    imke.start().await;
    imke.go_to_the_end().await;
    imke.type_words(" Last words").await;
    imke.press_cross();
    imke.gone().await;
    imke.start().await;
    imke.read("Write one of your own Last words").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_whose_words_are_not_saved_waits_for_the_disk() {
    let mut imke = Desk::new(&Session::begin());
    let Some(disk) = not_all_is_saved(&mut imke).await else { return };
    imke.press_cross();
    imke.says("[role=dialog]", "Your last words are not saved").await;
    imke.says("[role=dialog]", "The disk is full").await;
    imke.picture("leaving").await;
    assert!(imke.app_pid().is_some(), "it stays");

    disk.make_room();
    imke.gone().await;
    imke.start().await;
    imke.read("Before. There is no room for this.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_whose_words_are_not_saved_can_be_closed_all_the_same() {
    let mut imke = Desk::new(&Session::begin());
    let Some(disk) = not_all_is_saved(&mut imke).await else { return };
    imke.press_cross();
    imke.says("[role=dialog]", "Your last words are not saved").await;
    press(&imke, "Keep it open").await.expect("she stays");
    imke.until("the dialog goes", async || imke.page().find(Locator::Css("[role=dialog]")).await.is_err())
        .await;
    imke.read("There is no room for this.").await;

    imke.press_cross();
    imke.says("[role=dialog]", "Your last words are not saved").await;
    let _ = press(&imke, "Close anyway").await; // the driver may miss what comes of it: the app is gone
    imke.gone().await;
    disk.make_room();
    imke.start().await;
    imke.read("Before.").await;
    assert!(!imke.text().await.contains("no room"), "as she was told");
}

async fn press(who: &Desk, button: &str) -> Result<(), CmdError> {
    let button = format!("//button[normalize-space()='{button}']");
    who.page().find(Locator::XPath(&button)).await.expect("the button is there").click().await
}
