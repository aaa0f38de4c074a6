//! Where the app's log goes: a file a day in the profile, a week of them; to the terminal for who asks by `RUST_LOG`.
//!
//! It says what happened, never what was written: no text of a document, no name, no secret.

use std::io;
use std::path::Path;

use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt};

/// What goes to the file: our own words, and what others complain about.
const FILED: &str = "warn,sheaf_desktop=info,sheaf_client=info,sheaf_store=info";
/// Days that are kept.
const DAYS: usize = 7;

/// Begins to log. A log that cannot be written is no reason not to start.
pub fn begin(profile: &Path) {
    let folder = profile.join("logs");
    // Without it the appender complains about the folder aloud, before it makes it.
    let _ = std::fs::create_dir_all(&folder);
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("sheaf")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder);
    let filed = file.ok().map(|file| {
        fmt::layer()
            .with_ansi(false)
            .with_writer(std::sync::Mutex::new(file))
            .with_filter(EnvFilter::new(FILED))
    });
    let told = EnvFilter::try_from_default_env()
        .ok()
        .map(|filter| fmt::layer().with_writer(io::stderr).with_filter(filter));
    let decent = filter_fn(sheaf_client::may_be_logged); // whatever the others let through
    // A second call would find the first one's choice, which is the same.
    let _ = tracing_subscriber::registry().with(filed).with(told).with(decent).try_init();
}
