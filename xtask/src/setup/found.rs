//! What is on this machine: programs, files, and the few things that are in a different place on each system.

use std::path::{Path, PathBuf};

use crate::run;

/// Returns where a program is, if it is in `PATH`.
pub fn program(name: &str) -> Option<PathBuf> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// Says whether there is a file.
pub fn file(path: &str) -> bool {
    Path::new(path).is_file()
}

/// Says whether C can be compiled. A `cc` proves nothing on macOS, where it may only offer to install one.
pub fn compiler() -> bool {
    if cfg!(target_os = "macos") {
        return run::answer("xcode-select", &["-p"]).is_some();
    }
    let installer = "Microsoft Visual Studio/Installer/vswhere.exe";
    ["cc", "cl", "gcc"].into_iter().any(|name| program(name).is_some())
        || windows_folders().any(|folder| folder.join(installer).is_file())
}

/// Says whether there is what shows a page in a window.
pub fn webview() -> bool {
    if cfg!(windows) {
        return windows_folders().any(|folder| folder.join("Microsoft/EdgeWebView/Application").is_dir());
    }
    run::answer("pkg-config", &["--exists", "webkit2gtk-4.1"]).is_some()
}

/// Returns the browser that tests the interface: the one that `CHROME_PATH` names, else Chrome, Chromium or Edge where they
/// usually are.
pub fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("CHROME_PATH").map(PathBuf::from);
    let in_path = ["google-chrome-stable", "google-chrome", "chromium", "microsoft-edge-stable"];
    let on_fedora = "/usr/lib64/chromium-browser/chromium-browser".into();
    let on_mac = ["Google Chrome", "Chromium", "Microsoft Edge"]
        .map(|name| PathBuf::from(format!("/Applications/{name}.app/Contents/MacOS/{name}")));
    let on_windows = ["Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe"]
        .into_iter()
        .flat_map(|program| windows_folders().map(move |folder| folder.join(program)));
    // A snap cannot see the folders that a test makes for it.
    let in_path = in_path.into_iter().filter_map(program).filter(|path| !path.starts_with("/snap"));
    named
        .into_iter()
        .chain(in_path)
        .chain([on_fedora])
        .chain(on_mac)
        .chain(on_windows)
        .find(|path| path.is_file())
}

/// Returns where programs lie on Windows: for everybody, or for this person.
fn windows_folders() -> impl Iterator<Item = PathBuf> {
    let names = ["ProgramFiles", "ProgramFiles(x86)", "LOCALAPPDATA"];
    names.into_iter().filter_map(std::env::var_os).map(PathBuf::from)
}
