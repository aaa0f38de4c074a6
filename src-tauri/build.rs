//! Tells Tauri where its files are: the configuration and the icons at the root, the sources here.

/// Every command that there is; a window may call those that its capability names.
const COMMANDS: &[&str] = &[
    "listen",
    "start",
    "workspaces",
    "go_to",
    "level",
    "places",
    "path",
    "create",
    "move_to",
    "rename",
    "set_icon",
    "trash",
    "set_favourite",
    "recent",
    "remember_tree",
    "refused_documents",
    "refused_records",
    "settle_record",
    "begin_file",
    "file_piece",
    "keep_file",
    "drop_file",
    "files",
    "save_file",
    "search",
    "about",
    "choose_import",
    "import",
    "export",
    "cancel_transfer",
    "show_export",
    "open",
    "close",
    "commit",
    "set_caret",
    "remember",
    "join",
    "publish",
    "sign_in",
    "members",
    "invite",
    "hurry",
    "visit",
    "refused",
    "settle",
    "stay",
    "leave",
    "device",
    "open_folder",
    "set_zoom",
    "open_link",
];

fn main() {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().commands(COMMANDS));
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo::error={error:#}");
    }
}
