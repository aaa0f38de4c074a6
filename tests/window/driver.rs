//! A WebDriver for one app: its process, its port, and how it is asked to start the app.

use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::session::{Running, Session};

/// How long anything may take before a story fails: the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at something that is about to happen.
pub const LOOK_AGAIN: Duration = Duration::from_millis(50);

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

/// Starts the app on a profile and takes the reins.
pub async fn start(session: &Session, profile: &Path) -> (Running, Client) {
    let port = free_port();
    let mut command = on_profile(session, Path::new("WebKitWebDriver"), profile);
    command.args([format!("--port={port}"), "--host=127.0.0.1".into()]);
    command.env("TAURI_WEBVIEW_AUTOMATION", "true").process_group(0);
    let driver = Running(command.spawn().expect("WebKitWebDriver starts; `cargo xtask test` installs it"));
    let options = json!({ "webkitgtk:browserOptions": { "binary": app(), "args": [] } });
    let capabilities = options.as_object().cloned().unwrap_or_default();
    let address = format!("http://127.0.0.1:{port}");
    let connected = tokio::time::timeout(PATIENCE, async {
        loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            match builder.capabilities(capabilities.clone()).connect(&address).await {
                Ok(client) => break client,
                Err(_) => tokio::time::sleep(LOOK_AGAIN).await, // the driver is not listening yet
            }
        }
    });
    (driver, connected.await.expect("the app's window opens"))
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("its address").port()
}
