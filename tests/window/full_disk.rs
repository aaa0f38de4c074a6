//! A disk that is full while somebody writes: the window says so, keeps the words, and saves them once there is room.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::desk::Desk;
use crate::session::Session;

/// A disk of four megabytes that lies over a folder for as long as it lives.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Returns none where this process may not mount one.
    pub fn over(folder: &Path) -> Option<Self> {
        fs::create_dir_all(folder).expect("the folder is made");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=4m,mode=700", "sheaf-story"]).arg(folder);
        mount.output().is_ok_and(|output| output.status.success()).then(|| Self(folder.to_owned()))
    }

    /// Leaves no room on it.
    pub fn fill(&self) {
        let mut ballast = File::create(self.0.join("ballast")).expect("there is room for a name");
        while ballast.write_all(&[7; 4096]).is_ok() {}
    }

    /// There is room again.
    pub fn make_room(&self) {
        fs::remove_file(self.0.join("ballast")).expect("it was there");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// Somebody has written, and the disk does not take the last words; none, and it is said, where a disk cannot be made.
#[expect(
    clippy::print_stderr,
    reason = "whoever runs the stories has to see that this one could not be told"
)]
pub async fn not_all_is_saved(who: &mut Desk) -> Option<SmallDisk> {
    let Some(disk) = SmallDisk::over(&who.profile().join("workspaces")) else {
        eprintln!("SKIPPED: a small disk can be mounted by root only");
        return None;
    };
    who.start().await;
    who.go_to_the_end().await;
    who.type_words(" Before.").await;
    who.saved().await;
    disk.fill();
    who.type_words(" There is no room for this.").await;
    who.status("Not saved").await;
    Some(disk)
}

#[tokio::test(flavor = "multi_thread")]
async fn words_on_a_full_disk_are_kept_in_the_window_until_there_is_room() {
    let mut imke = Desk::new(&Session::begin());
    let Some(disk) = not_all_is_saved(&mut imke).await else { return };
    imke.says(".notice", "The disk is full").await;
    imke.read("Before. There is no room for this.").await;
    imke.picture("full-disk").await;
    let welcome = imke.only_document();
    assert!(!imke.document(welcome).text().contains("no room"), "what is called not saved is not");

    disk.make_room();
    imke.saved().await;
    imke.status("Saved on this device").await;
    imke.until("the warning goes", async || {
        imke.ask("return !document.querySelector('.notice')").await == true
    })
    .await;
    imke.kill();
    imke.start().await;
    imke.read("Before. There is no room for this.").await;
}
