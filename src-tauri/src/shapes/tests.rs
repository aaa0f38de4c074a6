//! The interface's copy of these shapes is fresh, and it has words for every code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// `SHEAF_WRITE=1 cargo test -p sheaf-desktop bindings` writes the file anew.
#[test]
fn bindings_are_fresh() {
    let config = ts_rs::Config::default();
    let declarations = [
        Start::decl(&config),
        Workspace::decl(&config),
        Visit::decl(&config),
        Me::decl(&config),
        Level::decl(&config),
        PlaceRow::decl(&config),
        Spot::decl(&config),
        TreeView::decl(&config),
        RefusedRecord::decl(&config),
        SettleRecord::decl(&config),
        FileRow::decl(&config),
        FileState::decl(&config),
        About::decl(&config),
        Device::decl(&config),
        Found::decl(&config),
        Hit::decl(&config),
        Passage::decl(&config),
        FoundIn::decl(&config),
        FoundPerson::decl(&config),
        Choice::decl(&config),
        Surveyed::decl(&config),
        Imported::decl(&config),
        Exported::decl(&config),
        LeftOut::decl(&config),
        Left::decl(&config),
        Scope::decl(&config),
        Format::decl(&config),
        Sync::decl(&config),
        Person::decl(&config),
        Members::decl(&config),
        Member::decl(&config),
        Role::decl(&config),
        Invitation::decl(&config),
        Place::decl(&config),
        JoinRequest::decl(&config),
        SignInRequest::decl(&config),
        Refused::decl(&config),
        Settlement::decl(&config),
        ProblemCode::decl(&config),
        Problem::decl(&config),
    ];
    let mut text =
        String::from("// @generated from src-tauri/src/shapes.rs; a test fails when it is stale.\n");
    for declaration in declarations {
        text.push_str("\nexport ");
        text.push_str(&declaration);
        text.push('\n');
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/backend/bindings.ts");
    if std::env::var_os("SHEAF_WRITE").is_some() {
        fs::write(&path, &text).expect("the file can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(written, text, "ui/src/backend/bindings.ts is stale: run this test with SHEAF_WRITE=1");
}

#[test]
fn every_code_has_a_sentence_and_no_sentence_is_left_over() {
    let declared = ProblemCode::decl(&ts_rs::Config::default());
    let codes: BTreeSet<String> = declared.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(codes.contains("disk_full"), "the codes are read from their declaration: {declared}");
    let catalogue: serde_json::Map<String, serde_json::Value> =
        serde_json::from_str(include_str!("../../../ui/messages/en.json")).unwrap();
    let sentences = catalogue.keys().filter_map(|key| key.strip_prefix("problem_").map(str::to_owned));
    assert_eq!(sentences.collect::<BTreeSet<_>>(), codes, "ui/messages says a sentence for each, once");
}
