//! What the app leaves in its log files: that it ran, no secret, and no word of anybody's.

use std::fs;

use sheaf_stories::silence::{ACCESS_TOKEN, refresh_secret};

use crate::desk::Desk;

impl Desk {
    /// Holds the log files of this profile against what must not stand in them: these secrets, and these words.
    pub fn has_silent_logs(&self, secrets: &[&str]) {
        let files = fs::read_dir(self.profile().join("logs")).expect("the app keeps a log");
        let log: String = files
            .map(|file| fs::read_to_string(file.expect("a file").path()).expect("a log is text"))
            .collect();
        assert!(log.contains("started"), "who says nothing proves nothing: {log}");
        for secret in secrets.iter().chain(&[ACCESS_TOKEN]) {
            let line = log.lines().find(|line| line.contains(secret));
            assert_eq!(line, None, "{secret:?} stands in a log");
        }
        assert_eq!(refresh_secret(&log), None, "a refresh secret, or what looks like one, stands in a log");
    }
}
