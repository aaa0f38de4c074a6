//! A disk that is full while somebody writes: the window says so, keeps the words, and saves them once there is room.

use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::desk::Desk;
use crate::session::Session;

/// Whoever can mount no disk may leave these stories out, in so many words: `SHEAF_NO_SMALL_DISK=1`.
const LEAVE_OUT: &str = "SHEAF_NO_SMALL_DISK";

/// A disk of four megabytes that lies over a folder for as long as it lives.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one, as root or through a sudo that asks for no password.
    pub fn over(folder: &Path) -> Result<Self, String> {
        fs::create_dir_all(folder).expect("the folder is made");
        let owner = fs::metadata(folder).expect("it was just made").uid();
        let options = format!("size=4m,mode=700,uid={owner}");
        as_root(&["mount", "-t", "tmpfs", "-o", &options, "sheaf-story"], folder)?;
        Ok(Self(folder.to_owned()))
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
        let _ = as_root(&["umount", "--lazy"], &self.0); // the temporary folder around it complains if need be
    }
}

/// Runs a command on a folder: as it stands for who is root, else through sudo. Returns its complaint.
fn as_root(command: &[&str], folder: &Path) -> Result<(), String> {
    let mut complaint = String::new();
    for way in [&[][..], &["sudo", "--non-interactive"]] {
        let words = [way, command].concat();
        let [program, arguments @ ..] = words.as_slice() else { continue };
        match Command::new(program).args(arguments).arg(folder).output() {
            Ok(output) if output.status.success() => return Ok(()),
            Ok(output) => complaint += &String::from_utf8_lossy(&output.stderr),
            Err(error) => complaint += &format!("{program}: {error}"),
        }
    }
    Err(complaint)
}

/// Somebody has written, and the disk does not take the last words; none for whoever asked to leave that out.
pub async fn not_all_is_saved(who: &mut Desk) -> Option<SmallDisk> {
    if std::env::var_os(LEAVE_OUT).is_some() {
        return None;
    }
    let disk = SmallDisk::over(&who.profile().join("workspaces")).unwrap_or_else(|complaint| {
        panic!(
            "no small disk can be mounted ({complaint}); {LEAVE_OUT}=1 leaves out the stories that need one"
        )
    });
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
