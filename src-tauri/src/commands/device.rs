//! What the window may ask of the device that it is on.

use sheaf_client::team;
use tauri::{State, WebviewWindow};

use super::Answer;
use crate::shapes::{Device, Problem, ProblemCode};
use crate::shell::Shell;

/// Nobody draws a window smaller or larger than this.
const ZOOM: (f64, f64) = (0.5, 3.0);

#[tauri::command]
pub async fn device(shell: State<'_, Shell>) -> Answer<Device> {
    Ok(Device {
        name: team::device_name(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        folder: shell.folder().display().to_string(),
    })
}

/// Shows the profile's folder, and nothing else, in the system's own window for that.
#[tauri::command]
pub async fn open_folder(shell: State<'_, Shell>) -> Answer<()> {
    tauri_plugin_opener::open_path(shell.folder(), None::<&str>)
        .map_err(|error| Problem::new(ProblemCode::Internal, error))
}

/// The whole page is drawn larger or smaller, as a browser does it: lines break anew, and nothing is cut off.
#[tauri::command]
pub async fn set_zoom(window: WebviewWindow, factor: f64) -> Answer<()> {
    let factor = if factor.is_finite() { factor.clamp(ZOOM.0, ZOOM.1) } else { 1.0 };
    window.set_zoom(factor).map_err(|error| Problem::new(ProblemCode::Internal, error))
}
