//! The window: what it looks like to the system, and the fence around the page in it.
//!
//! The page shows itself and nothing else: it cannot navigate away, open windows or reach the network. A link is opened by
//! the system's browser, through a command that checks it.

mod place;

use std::path::Path;

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, LogicalSize, Manager as _, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder};

use place::{Area, FRAME, FULL, LEAST, Side};

/// The window's label; the capabilities name it too.
pub const MAIN: &str = "main";
/// Names the half of the screen, `left` or `right`, that the window takes in place of the middle.
const SIDE: &str = "SHEAF_SIDE";

/// Opens the window of a profile.
///
/// # Errors
/// When the system has no window to give.
pub fn open(app: &tauri::App, profile: &Path) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default());
    let window = match place_beside_another(app) {
        Some(Area { x, y, width, height }) => window
            .inner_size(width, height)
            .min_inner_size(width.min(LEAST.0), height.min(LEAST.1))
            .position(x, y),
        None => window.inner_size(FULL.0, FULL.1).min_inner_size(LEAST.0, LEAST.1).center(),
    };
    let window = window
        .prevent_overflow_with_margin(LogicalSize::new(0.0, FRAME))
        .title("Sheaf")
        .disable_drag_drop_handler()
        .data_directory(profile.join("webview"))
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    #[cfg(target_os = "linux")]
    crate::revival::watch(&window)?;
    help_writing(&window)
}

/// Returns the place in one half of the screen, if somebody asked for it.
fn place_beside_another(app: &tauri::App) -> Option<Area> {
    let side = Side::named(std::env::var(SIDE).ok()?.as_str())?;
    let first = || app.available_monitors().ok()?.into_iter().next();
    let screen = app.primary_monitor().ok().flatten().or_else(first)?;
    let (area, scale) = (screen.work_area(), screen.scale_factor());
    let (corner, size) = (area.position.to_logical::<f64>(scale), area.size.to_logical::<f64>(scale));
    Some(Area { x: corner.x, y: corner.y, width: size.width, height: size.height }.half(side))
}

/// Brings the window to the front, wherever it is.
pub fn bring_to_front(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    for step in [window.unminimize(), window.show(), window.set_focus()] {
        if let Err(error) = step {
            tracing::warn!(%error, "the window does not come to the front");
        }
    }
}

/// Closes the window without asking anybody.
pub fn close(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    if let Err(error) = window.destroy() {
        tracing::warn!(%error, "the window does not close");
    }
}

/// Says whether an address is the app's own page: under Tauri's scheme, or its host where the system knows no schemes.
fn is_ours(url: &Url) -> bool {
    let own_scheme = url.scheme() == "tauri" && url.host_str() == Some("localhost");
    let own_host = cfg!(any(windows, target_os = "android"))
        && matches!(url.scheme(), "http" | "https")
        && url.host_str() == Some("tauri.localhost");
    own_scheme || own_host
}

/// Lets an input method show what it composes inside the text, and the system mark words that none of its languages knows. On
/// Linux the webview does neither by itself; where words are to be marked says the page.
#[cfg(target_os = "linux")]
fn help_writing(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{InputMethodContextExt as _, WebContextExt as _, WebViewExt as _};
    window.with_webview(|webview| {
        let webview = webview.inner();
        if let Some(context) = webview.input_method_context() {
            context.set_enable_preedit(true);
        }
        if let Some(context) = webview.context() {
            context.set_spell_checking_enabled(true);
        }
    })
}

#[cfg(not(target_os = "linux"))]
fn help_writing(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_stays_where_it_is() {
        let ours = |url: &str| is_ours(&url.parse().unwrap());
        assert!(ours("tauri://localhost/"), "the app's own page");
        for elsewhere in [
            "https://example.org/",
            "http://localhost:5173/",
            "file:///etc/passwd",
            "data:text/html,x",
            "tauri://elsewhere/",
        ] {
            assert!(!ours(elsewhere), "{elsewhere} is not");
        }
    }
}
