//! Says whether a path lies on a network drive, where SQLite's locks and syncs cannot be trusted.
//!
//! Linux lists every mount and its kind in one text file, so this is reading, not calling: it needs no unsafe code,
//! and it knows `fuse.sshfs` from the FUSE drives that are local. Other systems have no such list: there the
//! question would need an unsafe system call, and a drive chosen by hand is rare enough to go without.

use std::path::Path;

use crate::error::{Result, StoreError};

/// Kinds of mounts whose files live on another machine.
const REMOTE: &[&str] = &[
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "fuse.davfs",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
];

/// Refuses a path on a network drive. The path must be absolute and free of links.
pub(crate) fn refuse_network(path: &Path) -> Result<()> {
    let mounts =
        if cfg!(target_os = "linux") { std::fs::read("/proc/self/mountinfo") } else { Ok(Vec::new()) };
    // Without the list (a sandbox hides it) a workspace opens as it does on the systems that have none.
    let mounts = mounts.unwrap_or_default();
    match kind_of_mount(&String::from_utf8_lossy(&mounts), path) {
        Some(kind) if REMOTE.contains(&kind) => Err(StoreError::Network(kind.to_owned())),
        _ => Ok(()),
    }
}

/// Returns the kind of the mount that a path lies on, from the text of `/proc/self/mountinfo` (`man 5 proc`): the
/// longest mount point that the path begins with and, of several on one point, the one mounted last.
fn kind_of_mount<'a>(mounts: &'a str, path: &Path) -> Option<&'a str> {
    let lines = mounts.lines().filter_map(|line| {
        let (mount, source) = line.split_once(" - ")?;
        Some((unescape(mount.split(' ').nth(4)?), source.split(' ').next()?))
    });
    let holding = lines.filter(|(point, _)| path.starts_with(point));
    holding.max_by_key(|(point, _)| point.len()).map(|(_, kind)| kind)
}

/// Returns a mount point as it is: the list writes space, tab, newline and backslash as three octal digits.
fn unescape(point: &str) -> String {
    [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")]
        .iter()
        .fold(point.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
30 22 0:26 / /home rw shared:2 - ext4 /dev/vdb rw
41 30 0:44 / /home/ada/team\\040drive rw,nosuid - nfs4 nas:/team rw
42 30 0:45 / /home/ada/far rw - fuse.sshfs imke@far:/ rw
43 30 0:46 / /home/ada/near rw - fuse.gocryptfs /home/ada/.near rw
44 41 0:47 / /home/ada/team\\040drive rw - ext4 /dev/vdc rw
";

    #[test]
    fn the_mount_nearest_to_the_file_decides() {
        let kind = |path: &str| kind_of_mount(MOUNTS, Path::new(path));
        assert_eq!(kind("/srv/sheaf.db"), Some("ext4"), "nothing nearer than the root");
        assert_eq!(
            kind("/home/ada/far/w/sheaf.db"),
            Some("fuse.sshfs"),
            "Ada's far folder is another machine"
        );
        assert_eq!(
            kind("/home/ada/farther/sheaf.db"),
            Some("ext4"),
            "a name that only begins alike is elsewhere"
        );
        assert_eq!(
            kind("/home/ada/team drive/w.db"),
            Some("ext4"),
            "the disk mounted over the drive is what counts"
        );
        assert_eq!(kind_of_mount("", Path::new("/w.db")), None, "no list, no answer");
    }

    #[test]
    fn a_local_disk_is_not_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        refuse_network(&path).expect("the folder for temporary files is on this machine");
    }
}
