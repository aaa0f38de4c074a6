//! Hearing that something in a folder changed. What changed is for a scan to find out.
//!
//! The folder is watched, not its files: many editors save by renaming. A system that watches no more (its limits are
//! reached, or the folder is on a disk that tells nothing) is no failure: then the folder is looked at every few seconds,
//! and a person is told so. Also where it is watched it is looked at now and then, for no system tells everything.

use std::path::Path;
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc;

/// How a folder is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watching {
    /// The system tells of changes.
    Told,
    /// The system does not, so the folder is looked at every few seconds.
    Looking {
        /// Whether that is because a limit of the system is reached, which can be raised.
        is_limit: bool,
    },
}

/// Rings when something may have changed. Ends with being dropped.
#[derive(Debug)]
pub struct Bell {
    watching: Watching,
    _watcher: Option<RecommendedWatcher>,
}

impl Bell {
    /// Begins to watch a folder with all that is in it. A ring that nobody has heard yet is as good as two.
    pub fn hang(root: &Path, ring: mpsc::Sender<()>) -> Self {
        let ours = root.to_owned();
        let heard = move |event: notify::Result<notify::Event>| {
            // Reading is no change; our own would never end. An error may hide one.
            let is_nothing = event.is_ok_and(|event| {
                let is_elsewhere =
                    !event.paths.is_empty() && event.paths.iter().all(|path| !path.starts_with(&ours));
                is_elsewhere || matches!(event.kind, EventKind::Access(_))
            });
            if !is_nothing {
                let _ = ring.try_send(());
            }
        };
        let watched = notify::recommended_watcher(heard).and_then(|mut watcher| {
            watcher.watch(root, RecursiveMode::Recursive)?;
            // Where the folder itself is taken away, only the one that it lies in says so.
            if let Some(above) = root.parent() {
                let _ = watcher.watch(above, RecursiveMode::NonRecursive);
            }
            Ok(watcher)
        });
        match watched {
            Ok(watcher) => Self { watching: Watching::Told, _watcher: Some(watcher) },
            Err(error) => {
                tracing::warn!(%error, "the system does not watch the mirrored folder; looking at it every few seconds");
                Self { watching: Watching::Looking { is_limit: is_limit(&error) }, _watcher: None }
            }
        }
    }

    /// Returns how the folder is watched.
    pub fn watching(&self) -> Watching {
        self.watching
    }

    /// Returns after how long the folder is looked at, if nobody rings.
    pub fn patience(&self) -> Duration {
        match self.watching {
            Watching::Told => Duration::from_secs(30),
            Watching::Looking { .. } => Duration::from_secs(3),
        }
    }
}

/// Says whether the system has no watches left: `ENOSPC` of one person's watches, `EMFILE` of their watchers.
fn is_limit(error: &notify::Error) -> bool {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => true,
        notify::ErrorKind::Io(error) => matches!(error.raw_os_error(), Some(24 | 28)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_watches_no_more_is_looked_at() {
        let (ring, _heard) = mpsc::channel(1);
        let nowhere = Bell::hang(Path::new("/there/is/no/such/folder"), ring);
        assert_eq!(nowhere.watching(), Watching::Looking { is_limit: false });
        assert!(
            nowhere.patience() < Duration::from_secs(10),
            "then a save is seen within seconds all the same"
        );
        for full in [
            notify::Error::new(notify::ErrorKind::MaxFilesWatch),
            notify::Error::io(std::io::Error::from_raw_os_error(28)),
        ] {
            assert!(is_limit(&full), "a person is told what they can raise: {full:?}");
        }
    }

    #[tokio::test]
    async fn a_save_rings_and_reading_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (ring, mut heard) = mpsc::channel(1);
        let bell = Bell::hang(folder.path(), ring);
        assert_eq!(bell.watching(), Watching::Told);
        std::fs::write(folder.path().join("Plan.md"), "words").unwrap();
        heard.recv().await.unwrap();
    }
}
