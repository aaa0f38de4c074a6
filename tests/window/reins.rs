//! An app whose reins can be dropped and taken again: a driver does not outlive the page that it drives, the app does.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;

use fantoccini::Client;
use serde_json::json;

use crate::driver::{DRIVEN, DRIVER, app, drive, free_port, on_profile};
use crate::session::{Running, Session};

/// An app that runs by itself.
pub struct Loose {
    _app: Running,
    reins: SocketAddr,
}

impl Loose {
    /// Starts the app on a profile. Nobody has its reins yet.
    pub fn start(session: &Session, profile: &Path) -> Self {
        let reins = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()));
        let mut command = on_profile(session, &app(), profile);
        command.env(DRIVEN, "true").env("WEBKIT_INSPECTOR_SERVER", reins.to_string());
        Self { _app: Running(command.spawn().expect("the app starts")), reins }
    }

    /// Takes the reins.
    pub async fn take(&self, session: &Session) -> (Running, Client) {
        let mut command = Command::new(DRIVER);
        session.enter(command.arg(format!("--target={}", self.reins)));
        drive(command, json!({})).await
    }
}
