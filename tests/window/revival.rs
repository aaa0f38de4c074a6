//! The process that draws the page is killed: the page comes back by itself, with everything that was saved, and says so.

use std::fs;
use std::process::Command;

use crate::desk::Desk;
use crate::session::Session;

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_process_is_killed_comes_back_with_every_saved_word() {
    let mut imke = Desk::new(&Session::begin());
    imke.open_window_loosely().await;
    imke.see("[data-phase=editing] .ProseMirror").await;
    imke.go_to_the_end().await;
    imke.type_words(" The tide turns.").await;
    imke.read("The tide turns.").await;
    imke.saved().await;

    imke.drop_reins();
    kill_page(&imke);
    imke.take_reins().await;
    imke.says(".notice", "was loaded again").await;
    imke.read("The tide turns.").await;
    imke.picture("revived").await;
    imke.go_to_the_end().await;
    imke.type_words(" Slack water.").await;
    imke.read("The tide turns. Slack water.").await;
    imke.saved().await;
    imke.press_cross();
    imke.gone().await;
}

/// Kills the process that draws this app's page.
fn kill_page(who: &Desk) {
    let app = who.app_pid().expect("the app runs").to_string();
    let names =
        fs::read_dir("/proc").expect("Linux").filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let is_page = |pid: &String| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let Some((name, rest)) = stat.rsplit_once(')') else { return false };
        // A process's name is cut after 15 letters.
        name.ends_with("(WebKitWebProces") && rest.split_whitespace().nth(1) == Some(&app)
    };
    let pages: Vec<String> = names.filter(is_page).collect();
    let [page] = pages.as_slice() else { panic!("the app has one page: {pages:?}") };
    let killed = Command::new("kill").args(["-9", page]).status();
    assert!(killed.is_ok_and(|status| status.success()), "the page's process is killed");
}
