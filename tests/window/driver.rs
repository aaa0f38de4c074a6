//! A WebDriver for one app: its process, its port, and how it is asked to start the app.

use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::net::TcpStream;

use crate::session::{Running, Session};

/// How long anything may take before a story fails: the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// The program that drives.
pub const DRIVER: &str = "WebKitWebDriver";
/// Lets the app be driven.
pub const DRIVEN: &str = "TAURI_WEBVIEW_AUTOMATION";

/// Returns the app, as it was built last.
pub fn app() -> PathBuf {
    let tests = std::env::current_exe().expect("a test knows where it is");
    let folder = tests.ancestors().nth(2).expect("tests lie in target/<profile>/deps");
    let app = folder.join("sheaf-desktop");
    assert!(app.is_file(), "{} is missing: build it with `cargo build -p sheaf-desktop`", app.display());
    app
}

/// Returns the command that starts a program on a profile.
pub fn on_profile(session: &Session, program: &Path, profile: &Path) -> Command {
    let mut command = Command::new(program);
    session.enter(&mut command);
    command.env("SHEAF_PROFILE", profile).env("RUST_LOG", "warn");
    command
}

/// Starts an app on a profile and takes the reins.
pub async fn start(
    session: &Session,
    app: &Path,
    profile: &Path,
    with: &[(&str, &str)],
) -> (Running, Client) {
    let mut command = on_profile(session, Path::new(DRIVER), profile);
    command.env(DRIVEN, "true").envs(with.iter().copied());
    drive(command, json!({ "webkitgtk:browserOptions": { "binary": app, "args": [] } })).await
}

/// Starts a driver and begins its one session.
pub async fn drive(mut driver: Command, capabilities: Value) -> (Running, Client) {
    let port = free_port();
    driver.args([format!("--port={port}"), "--host=127.0.0.1".into()]).process_group(0);
    let mut driver = Running(driver.spawn().expect("WebKitWebDriver starts; `cargo xtask test` installs it"));
    let capabilities = capabilities.as_object().cloned().unwrap_or_default();
    let opening = async {
        until_it_listens(&mut driver, port).await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities).connect(&format!("http://127.0.0.1:{port}")).await
    };
    let opened = tokio::time::timeout(PATIENCE, opening).await.expect("the driver answers");
    (driver, opened.expect("the app's window opens"))
}

/// The driver says that it listens by taking a connection, and that it never will by ending.
async fn until_it_listens(driver: &mut Running, port: u16) {
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
        let ended = driver.0.try_wait().expect("a child can be asked");
        assert!(ended.is_none(), "WebKitWebDriver ended before it listened: {ended:?}");
        tokio::task::yield_now().await;
    }
}

/// Returns a port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
