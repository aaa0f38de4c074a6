//! The package as people get it: built from the app, taken apart by the system's own tools, and started from where it put
//! itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::desk::Desk;
use crate::driver;
use crate::session::Session;

/// Where the root of the repository is.
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

#[tokio::test(flavor = "multi_thread")]
async fn the_package_installs_and_its_app_opens_links_to_documents() {
    let work = tempfile::tempdir().expect("a folder for the package");
    let package = build(&work);
    let system = install(&package, &work);

    let entry =
        fs::read_to_string(system.join("usr/share/applications/Sheaf.desktop")).expect("a menu entry");
    for line in
        ["Name=Sheaf", "MimeType=x-scheme-handler/sheaf;", "Exec=sheaf-desktop %u", "Icon=sheaf-desktop"]
    {
        assert!(entry.lines().any(|it| it == line), "{line} is not in:\n{entry}");
    }
    for size in ["32x32", "64x64", "128x128", "256x256@2", "512x512"] {
        let icon = system.join(format!("usr/share/icons/hicolor/{size}/apps/sheaf-desktop.png"));
        assert!(icon.is_file(), "{} is missing", icon.display());
    }

    let mut imke = Desk::new(&Session::begin());
    imke.run(&system.join("usr/bin/sheaf-desktop"));
    imke.start().await;
    imke.read("every word is kept as you type it").await;
    imke.go_to_the_end().await;
    imke.type_words(" From a package.").await;
    imke.saved().await;
    let welcome = imke.shown().await;
    imke.press("[aria-label='New document']").await;
    imke.until("another document is open", async || imke.shown().await != welcome).await;

    let link = format!("sheaf://document/{welcome}");
    let mut second = driver::on_profile(&imke.session, &system.join("usr/bin/sheaf-desktop"), imke.profile());
    let ended = second.arg(link).status().expect("the system starts it for a link");
    assert!(ended.success(), "it tells the app that runs, and goes");
    imke.read("From a package.").await;
}

impl Desk {
    /// Returns the id of the document that is open.
    async fn shown(&self) -> String {
        let id =
            self.ask("return document.querySelector('[role=treeitem][aria-current]')?.dataset.key").await;
        id.as_str().unwrap_or_default().to_owned()
    }
}

/// Makes the package of the app that was built for these stories.
fn build(work: &TempDir) -> PathBuf {
    // The tool marks the program as one of a package: it gets a copy.
    let folder = work.path().join("debug");
    fs::create_dir(&folder).expect("a folder for the copy");
    fs::copy(driver::app(), folder.join("sheaf-desktop")).expect("a copy of the app");
    let tool = Path::new(ROOT).join("ui/node_modules/.bin/tauri");
    let mut command = Command::new(&tool);
    command.args(["bundle", "--debug", "--bundles", "deb", "--ci"]).current_dir(ROOT);
    let made = command.env("CARGO_TARGET_DIR", work.path()).output();
    let made =
        made.unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask test` installs it", tool.display()));
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let packages = fs::read_dir(folder.join("bundle/deb")).expect("a folder of packages");
    packages
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|it| it == "deb"))
        .expect("a package")
}

/// Installs the package with the system's own tool, into a root of its own: nobody's machine is changed.
fn install(package: &Path, work: &TempDir) -> PathBuf {
    let root = work.path().join("root");
    fs::create_dir_all(root.join("var/lib/dpkg/info")).expect("a root");
    fs::create_dir_all(root.join("var/lib/dpkg/updates")).expect("a root");
    fs::write(root.join("var/lib/dpkg/status"), "").expect("nothing is installed in it yet");
    // What it needs is on the machine, and not in this root.
    let mut install = Command::new("dpkg");
    install.args(["--force-not-root", "--force-depends", "--root"]).arg(&root).arg("--install").arg(package);
    let installed = install.env("PATH", with_system_tools()).output().expect("dpkg runs");
    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));

    let needs =
        Command::new("dpkg-deb").arg("--field").arg(package).arg("Depends").output().expect("dpkg runs");
    for name in String::from_utf8_lossy(&needs.stdout).split(',').map(str::trim) {
        let name = name.split([' ', '(', '|']).next().unwrap_or(name);
        let known = Command::new("dpkg-query").args(["--show", name]).output().expect("dpkg runs");
        assert!(known.status.success(), "the package asks for {name}, which this system does not have");
    }
    root
}

/// Returns the search path with the folders in which dpkg looks for its helpers, which nobody but root may have in theirs.
fn with_system_tools() -> String {
    format!("{}:/usr/local/sbin:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default())
}
