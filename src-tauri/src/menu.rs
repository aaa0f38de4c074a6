//! The app's menu on macOS, whose *Quit* asks the page first, as the cross in the window's corner does.
//!
//! The system's own ends the process with no word to anybody. The rest is what every app has there: without an Edit menu no
//! key would copy or paste. On other systems the app has no menu.

use tauri::AppHandle;
use tauri::menu::{Menu, MenuBuilder, MenuEvent, MenuItemBuilder, SubmenuBuilder, WINDOW_SUBMENU_ID};

use crate::leaving;

/// Names the item that ends the app.
const QUIT: &str = "quit";

/// Makes the menu.
///
/// # Errors
/// When the system has no menu to give.
pub fn make(app: &AppHandle) -> tauri::Result<Menu<tauri::Wry>> {
    let name = &app.package_info().name;
    let quit = MenuItemBuilder::with_id(QUIT, format!("Quit {name}")).accelerator("Cmd+Q").build(app)?;
    let own = SubmenuBuilder::new(app, name)
        .about(None)
        .separator()
        .services()
        .separator()
        .hide()
        .hide_others()
        .show_all()
        .separator()
        .item(&quit)
        .build()?;
    let edit = SubmenuBuilder::new(app, "Edit")
        .undo()
        .redo()
        .separator()
        .cut()
        .copy()
        .paste()
        .select_all()
        .build()?;
    let window = SubmenuBuilder::with_id(app, WINDOW_SUBMENU_ID, "Window")
        .minimize()
        .maximize()
        .fullscreen()
        .separator()
        .close_window()
        .build()?;
    MenuBuilder::new(app).items(&[&own, &edit, &window]).build()
}

/// Does what was chosen: the app ends once its page has nothing to lose.
pub fn choose(app: &AppHandle, event: MenuEvent) {
    if event.id() == QUIT && !leaving::ask(app) {
        app.exit(0);
    }
}
