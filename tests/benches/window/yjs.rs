//! The bare peer: Yjs as the interface ships it, as a script that a page can be given.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};

/// Bundles the Yjs of the interface's own packages, with the interface's own bundler; the script defines `Yjs`.
pub fn bundle() -> anyhow::Result<String> {
    let interface = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui");
    let folder = tempfile::tempdir()?;
    let script = "import { build } from 'vite'; await build({ configFile: false, logLevel: 'error', build: { outDir: process.argv[1], \
        emptyOutDir: true, target: 'safari16', lib: { entry: 'node_modules/yjs/dist/yjs.mjs', formats: ['iife'], name: 'Yjs', \
        fileName: () => 'yjs.js' } } })";
    let status = Command::new("node")
        .args(["--input-type=module", "--eval", script])
        .arg(folder.path())
        .current_dir(interface)
        .status()
        .context("node is needed to bundle Yjs")?;
    ensure!(status.success(), "Yjs could not be bundled: are the packages of ui/ installed?");
    Ok(fs::read_to_string(folder.path().join("yjs.js"))?)
}
