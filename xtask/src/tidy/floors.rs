//! The floors: which package may depend on which. The table stands in `ARCHITECTURE.md` too, and must be the same.

use std::fs;

use anyhow::Context as _;
use serde_json::Value;

use crate::run;

/// Every package of ours and the packages of ours that it may see.
const FLOORS: &[(&str, &[&str])] = &[
    ("sheaf-document", &[]),
    ("sheaf-protocol", &["sheaf-document"]),
    ("sheaf-store", &["sheaf-document", "sheaf-protocol"]),
    ("sheaf-relay", &["sheaf-document", "sheaf-protocol"]),
    ("sheaf-client", &["sheaf-document", "sheaf-protocol", "sheaf-store"]),
    ("sheaf-cli", &["sheaf-client", "sheaf-document", "sheaf-protocol", "sheaf-store"]),
    ("sheaf-desktop", &["sheaf-client", "sheaf-document", "sheaf-protocol", "sheaf-store"]),
    (
        "sheaf-stories",
        &["sheaf-cli", "sheaf-client", "sheaf-document", "sheaf-protocol", "sheaf-relay", "sheaf-store"],
    ),
    ("xtask", &[]),
];

/// Libraries that only some packages may know.
const ONLY: &[(&str, &[&str])] = &[
    ("axum", &["sheaf-relay"]),
    ("tauri", &["sheaf-desktop"]),
    ("tokio", &["sheaf-client", "sheaf-relay", "sheaf-cli", "sheaf-desktop", "sheaf-stories"]),
    ("rusqlite", &["sheaf-store", "sheaf-relay", "sheaf-stories"]),
    ("yrs", &["sheaf-document"]),
];

/// Returns a sentence for every dependency that goes up or sideways, and for a table that says something else.
///
/// # Errors
/// When cargo does not describe the workspace.
pub fn broken() -> anyhow::Result<Vec<String>> {
    let output = run::cargo(&["metadata", "--no-deps", "--format-version", "1", "--locked"]).output()?;
    let described: Value =
        serde_json::from_slice(&output.stdout).context("cargo does not describe the workspace")?;
    let mut sentences = Vec::new();
    for package in described.get("packages").and_then(Value::as_array).into_iter().flatten() {
        let name = text(package, "name").unwrap_or_default();
        let Some((_, allowed)) = FLOORS.iter().find(|(floor, _)| *floor == name) else {
            sentences.push(format!(
                "{name}: not in the floors table of xtask/src/tidy/floors.rs; give it a floor"
            ));
            continue;
        };
        let seen = package.get("dependencies").and_then(Value::as_array).into_iter().flatten();
        for (dependency, kind) in seen.filter_map(|it| Some((text(it, "name")?, text(it, "kind")))) {
            let ours = dependency.starts_with("sheaf-");
            if ours && !allowed.contains(&dependency) {
                sentences.push(format!(
                    "{name} depends on {dependency}: an arrow only goes down (ARCHITECTURE.md, Floors)"
                ));
            }
            let kept = ONLY.iter().find(|(library, _)| *library == dependency);
            if let Some((library, homes)) =
                kept.filter(|(_, homes)| kind != Some("dev") && !homes.contains(&name))
            {
                sentences.push(format!("{name} depends on {library}: only {} may", homes.join(", ")));
            }
        }
    }
    let printed = fs::read_to_string(run::root().join("ARCHITECTURE.md")).unwrap_or_default();
    for (name, allowed) in FLOORS.iter().filter(|(name, _)| *name != "xtask") {
        let sees = if allowed.is_empty() { "nothing of ours".to_owned() } else { short(allowed) };
        let row = format!("| `{}` | {sees} |", name.trim_start_matches("sheaf-"));
        if !printed.contains(&row) {
            sentences.push(format!("ARCHITECTURE.md: the floors table lacks the row \"{row}\""));
        }
    }
    Ok(sentences)
}

fn short(names: &[&str]) -> String {
    names.iter().map(|name| name.trim_start_matches("sheaf-")).collect::<Vec<_>>().join(", ")
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}
