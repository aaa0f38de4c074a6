//! The desktop app: one window on one profile. Windows and wires, no product logic.
//!
//! The window always opens. Whatever is wrong with the profile (a damaged file, a newer one, one that another program
//! writes) is the answer to its first question, so that it can say so in words.

#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod commands;
mod events;
#[cfg(target_os = "linux")]
mod graphics;
mod house;
mod intake;
mod leaving;
mod living;
mod logging;
#[cfg(target_os = "macos")]
mod menu;
mod pictures;
mod problem;
mod remembered;
#[cfg(target_os = "linux")]
mod revival;
mod seat;
mod shapes;
mod shell;
mod single;
mod transfer;
mod translate;
mod visit;
mod window;
mod workspaces;

use std::path::PathBuf;

use sheaf_client::Profile;
use tauri::{Manager as _, RunEvent, WindowEvent};

use crate::leaving::Leaving;
use crate::shell::Shell;
use crate::single::Claim;

/// Names the profile's folder, in place of the system's folder for this app.
const PROFILE: &str = "SHEAF_PROFILE";

fn main() -> tauri::Result<()> {
    #[cfg(target_os = "linux")]
    graphics::prepare();
    sheaf_client::install_crypto();
    let app = tauri::Builder::default();
    #[cfg(target_os = "macos")]
    let app = app.menu(menu::make).on_menu_event(menu::choose);
    let app = app
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(tauri::generate_handler![
            commands::listen,
            commands::start,
            commands::workspaces,
            commands::go_to,
            commands::tree::level,
            commands::tree::places,
            commands::tree::path,
            commands::tree::create,
            commands::tree::move_to,
            commands::tree::rename,
            commands::tree::set_icon,
            commands::tree::trash,
            commands::tree::set_favourite,
            commands::tree::recent,
            commands::tree::remember_tree,
            commands::tree::refused_documents,
            commands::tree::refused_records,
            commands::tree::settle_record,
            commands::files::begin_file,
            commands::files::file_piece,
            commands::files::keep_file,
            commands::files::drop_file,
            commands::files::files,
            commands::files::save_file,
            commands::search::search,
            commands::search::about,
            commands::transfer::choose_import,
            commands::transfer::import,
            commands::transfer::export,
            commands::transfer::cancel_transfer,
            commands::transfer::show_export,
            commands::open,
            commands::close,
            commands::commit,
            commands::set_caret,
            commands::remember,
            commands::join,
            commands::publish,
            commands::sign_in,
            commands::members,
            commands::invite,
            commands::hurry,
            commands::visit,
            commands::refused,
            commands::settle,
            commands::stay,
            commands::leave,
            commands::device::device,
            commands::device::open_folder,
            commands::device::set_zoom,
            commands::open_link,
        ])
        .register_asynchronous_uri_scheme_protocol(pictures::SCHEME, pictures::serve)
        .manage(Leaving::default())
        .on_window_event(|window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event
                && leaving::ask(window.app_handle())
            {
                api.prevent_close();
            }
        })
        .setup(|app| Ok(begin(app)?))
        .build(tauri::generate_context!())?;
    app.run(|app, event| match event {
        // Somebody quits; a code would say that the app itself does.
        RunEvent::ExitRequested { code: None, api, .. } if leaving::ask(app) => api.prevent_exit(),
        #[cfg(target_os = "macos")]
        RunEvent::Opened { urls } => {
            if let (Some(document), Some(shell)) =
                (urls.iter().find_map(|url| visit::read(url.as_str())), app.try_state::<Shell>())
            {
                shell.lead_to(document);
                window::bring_to_front(app);
            }
        }
        RunEvent::Exit => {
            if let Some(shell) = app.try_state::<Shell>() {
                tauri::async_runtime::block_on(shell.end());
            }
        }
        _ => {}
    });
    Ok(())
}

/// Opens the window, unless this profile has one already: then that one comes to the front and this process ends.
fn begin(app: &mut tauri::App) -> tauri::Result<()> {
    let named = std::env::var_os(PROFILE).map(PathBuf::from);
    let folder = named.or_else(Profile::default_folder).ok_or(tauri::Error::UnknownPath)?;
    // A folder that cannot be made is told by the window, whose first question fails on it too.
    let made = Profile::open(&folder);
    if made.is_ok() {
        logging::begin(&folder);
    }
    let wanted = visit::wanted();
    match single::claim(&folder, wanted) {
        Ok(Claim::Theirs) => {
            app.handle().exit(0);
            return Ok(());
        }
        Ok(Claim::Ours(holder)) => {
            let handle = app.handle().clone();
            holder.serve(move |wanted| {
                if let (Some(document), Some(shell)) = (wanted, handle.try_state::<Shell>()) {
                    shell.lead_to(document);
                }
                window::bring_to_front(&handle);
            });
        }
        Ok(Claim::Unanswered) => tracing::warn!("another Sheaf holds this profile and does not answer"),
        Err(error) => tracing::warn!(%error, "nobody can find out that this profile is open"),
    }
    let shell = Shell::new(folder.clone());
    if let Some(document) = wanted {
        shell.lead_to(document);
    }
    app.manage(shell);
    window::open(app, &folder)?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
    Ok(())
}
