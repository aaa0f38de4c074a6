//! What only JavaScript can check: the golden vectors are fresh, and our schema is the one that Tiptap builds.

use std::path::Path;
use std::process::Command;

#[test]
fn vectors_and_schema_are_what_yjs_and_tiptap_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/yjs");
    assert!(
        folder.join("node_modules/yjs").exists(),
        "Yjs is not installed: run `cargo xtask test`, which sets everything up, or `npm ci` in tests/yjs"
    );
    let run = Command::new("node")
        .arg("--test")
        .current_dir(folder)
        .output()
        .expect("Node.js 20 or later is needed");
    assert!(
        run.status.success(),
        "`npm test` in tests/yjs failed:\n{}",
        String::from_utf8_lossy(&run.stdout)
    );
}
