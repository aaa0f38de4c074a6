//! The floors: which package may depend on which. The table stands in `ARCHITECTURE.md` too, and must be the same.

use anyhow::Context as _;
use serde_json::Value;

use super::files::File;
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

/// Returns the workspace's packages, as cargo describes them.
///
/// # Errors
/// When it does not.
pub fn packages() -> anyhow::Result<Value> {
    let output = run::cargo(&["metadata", "--no-deps", "--format-version", "1", "--locked"]).output()?;
    serde_json::from_slice(&output.stdout).context("cargo does not describe the workspace")
}

/// Returns a sentence for every dependency that goes up or sideways, and for each row that a printed table lacks.
pub fn broken(described: &Value, files: &[File]) -> Vec<String> {
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
    let printed = files.iter().find(|file| file.path == "ARCHITECTURE.md");
    let printed = printed.map_or("", |file| file.text.as_str());
    for (name, allowed) in FLOORS.iter().filter(|(name, _)| *name != "xtask") {
        let row = row(name, allowed);
        if !printed.contains(&row) {
            sentences.push(format!("ARCHITECTURE.md: the floors table lacks the row \"{row}\""));
        }
    }
    sentences
}

/// Returns a package's row in the printed table.
fn row(name: &str, allowed: &[&str]) -> String {
    let sees = if allowed.is_empty() { "nothing of ours".to_owned() } else { short(allowed) };
    format!("| `{}` | {sees} |", name.trim_start_matches("sheaf-"))
}

fn short(names: &[&str]) -> String {
    names.iter().map(|name| name.trim_start_matches("sheaf-")).collect::<Vec<_>>().join(", ")
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Says what is wrong with one package that depends on another.
    fn found(package: &str, dependency: &str, kind: Option<&str>, table: &str) -> Vec<String> {
        let dependencies = [json!({ "name": dependency, "kind": kind })];
        let described = json!({ "packages": [{ "name": package, "dependencies": dependencies }] });
        broken(&described, &[File { path: "ARCHITECTURE.md".into(), text: table.into() }])
    }

    #[test]
    fn an_arrow_that_goes_up_is_named() {
        let rows =
            FLOORS.iter().filter(|(name, _)| *name != "xtask").map(|(name, allowed)| row(name, allowed));
        let table = rows.collect::<Vec<_>>().join("\n");
        let names = |sentences: Vec<String>, words: &str| {
            assert_eq!(sentences.len(), 1, "one place is wrong: {sentences:?}");
            assert!(sentences[0].contains(words), "it is named: {sentences:?}");
        };
        names(found("sheaf-store", "sheaf-relay", None, &table), "sheaf-store depends on sheaf-relay");
        names(found("sheaf-relay", "yrs", None, &table), "only sheaf-document may");
        names(found("sheaf-mobile", "serde", None, &table), "give it a floor");
        names(
            found("sheaf-store", "serde", None, &table.replace("| `cli` |", "| `line` |")),
            "lacks the row",
        );
        assert!(found("sheaf-relay", "yrs", Some("dev"), &table).is_empty(), "a test may use any library");
        assert!(found("sheaf-store", "sheaf-document", None, &table).is_empty(), "an arrow may go down");
    }
}
