//! Frames also without a graphics card.
//!
//! WebKitGTK hands its frames to the screen through buffers of the graphics card. Where there is no card, as in many virtual
//! machines, one is imitated, and half of the frames never arrive; with NVIDIA's own driver the window may stay empty. There
//! it is better to draw without. WebKitGTK reads that from its environment, which a program may change only before it has
//! begun; so the app starts itself once more, with the word said. Whoever has said anything about it is obeyed.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// Has WebKitGTK draw without the card's buffers when it is set.
const DRAW_BY_ITSELF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Makes sure that frames arrive, if need be by becoming the same program in a better environment.
pub fn prepare() {
    if std::env::var_os(DRAW_BY_ITSELF).is_some() || can_pass_frames(Path::new("/")) {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    // This returns only when it fails: then few frames are better than no window.
    let _ = Command::new(program).args(std::env::args_os().skip(1)).env(DRAW_BY_ITSELF, "1").exec();
}

/// Says whether a graphics card passes frames on: one that draws, and whose driver shares its buffers as others do.
fn can_pass_frames(root: &Path) -> bool {
    let nodes = std::fs::read_dir(root.join("dev/dri")).into_iter().flatten().flatten();
    let draws = nodes.into_iter().any(|node| node.file_name().as_encoded_bytes().starts_with(b"renderD"));
    draws && !root.join("proc/driver/nvidia/version").exists()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A machine with these files.
    fn machine(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        root
    }

    #[test]
    fn only_a_card_that_draws_and_shares_passes_frames() {
        let passes = |files: &[&str]| can_pass_frames(machine(files).path());
        assert!(passes(&["dev/dri/card0", "dev/dri/renderD128"]), "a laptop");
        assert!(!passes(&[]), "a container");
        assert!(!passes(&["dev/dri/card0"]), "a virtual machine whose card shows pictures and draws none");
        let nvidia = ["dev/dri/renderD128", "proc/driver/nvidia/version"];
        assert!(!passes(&nvidia), "NVIDIA's own driver");
    }
}
