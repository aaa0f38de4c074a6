//! The page comes back when its process ends, killed by a system short of memory or by a fault of its own.
//!
//! What was saved is safe: this process writes the disk, not the page's. So the page is loaded anew, takes its seat anew, and
//! says what happened. One that ends again and again is let go: its window closes, and the log says why. Linux only: what the
//! webviews of other systems need was never seen.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use tauri::{Manager as _, WebviewWindow};
use webkit2gtk::WebViewExt as _;

use crate::leaving;
use crate::shell::Shell;

/// As many times a page is loaded anew ...
const REVIVALS: usize = 3;
/// ... within this time.
const WHILE: Duration = Duration::from_secs(60);

/// Loads the window's page anew whenever its process ends.
///
/// # Errors
/// When the window is gone.
pub fn watch(window: &WebviewWindow) -> tauri::Result<()> {
    let app = window.app_handle().clone();
    window.with_webview(move |webview| {
        let ends = RefCell::new(Vec::new());
        webview.inner().connect_web_process_terminated(move |view, reason| {
            let is_hopeful = note(&mut ends.borrow_mut(), Instant::now());
            tracing::error!(?reason, is_hopeful, "the page's process ended");
            if is_hopeful {
                app.state::<Shell>().lose_page();
                view.reload();
            } else {
                leaving::leave(&app);
            }
        });
    })
}

/// Notes that the page's process ended; says whether the page may be loaded anew.
fn note(ends: &mut Vec<Instant>, now: Instant) -> bool {
    ends.retain(|end| now.duration_since(*end) < WHILE);
    ends.push(now);
    ends.len() <= REVIVALS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_comes_back_but_not_for_ever() {
        let (mut ends, start) = (Vec::new(), Instant::now());
        let mut ends_after = |seconds| note(&mut ends, start + Duration::from_secs(seconds));
        assert!([0, 1, 2].into_iter().all(&mut ends_after), "it may be bad luck");
        assert!(!ends_after(3), "four times at once is none");
        assert!(ends_after(120), "after a good while it may be again");
    }
}
