//! The tree of documents at a terminal.

use serde_json::Value;

use crate::support::Device;

/// The titles of a listing, indented as they are shown.
fn titles(device: &Device, args: &[&str]) -> Vec<String> {
    let said = device.sheaf(args);
    assert_eq!(said.code, 0, "{}", said.err);
    let lines = said.out.lines();
    lines
        .map(|line| {
            line.chars().skip("00000000-0000-0000-0000-000000000000  2026-11-22 12:30  ".len()).collect()
        })
        .collect()
}

#[test]
fn documents_are_moved_and_listed_as_a_tree() {
    let imke = Device::new();
    for title in ["Meetings", "Minutes", "Agenda"] {
        imke.sheaf(&["new", title]);
    }
    let moved = imke.sheaf(&["move", "Minutes", "--under", "Meetings"]);
    assert_eq!(
        (moved.code, moved.out.as_str()),
        (0, "Minutes stands under Meetings now.\n"),
        "{}",
        moved.err
    );
    imke.sheaf(&["move", "Agenda", "--under", "Minutes"]);
    assert_eq!(titles(&imke, &["list"]), ["Welcome to Sheaf", "Meetings", "  Minutes", "    Agenda"]);

    let list = imke.json(&["list"], "");
    let rows = list["documents"].as_array().unwrap();
    assert_eq!(rows[2]["parent"], rows[1]["id"], "programs are told under what it stands");
    assert_eq!(rows[1]["parent"], Value::Null, "and what stands at the top");

    let round = imke.sheaf(&["move", "Meetings", "--under", "Agenda"]);
    assert_eq!(round.code, 6, "a rule forbids it");
    assert_eq!(round.err, "A document cannot stand under itself. Nothing was changed.\n");

    let moved = imke.sheaf(&["move", "Agenda"]);
    assert_eq!(moved.out, "Agenda stands at the top now.\n");
    assert_eq!(titles(&imke, &["list"]), ["Welcome to Sheaf", "Meetings", "  Minutes", "Agenda"]);
}

#[test]
fn the_trash_gives_back_what_was_put_into_it() {
    let imke = Device::new();
    for title in ["Meetings", "Minutes"] {
        imke.sheaf_with(&["new", title], "words");
    }
    imke.sheaf(&["move", "Minutes", "--under", "Meetings"]);
    let gone = imke.sheaf(&["trash", "Meetings"]);
    assert_eq!(gone.out, "Meetings is in the trash, with everything under it.\n", "{}", gone.err);
    assert_eq!(titles(&imke, &["list"]), ["Welcome to Sheaf"], "it is out of the way");
    assert_eq!(titles(&imke, &["list", "--trash"]), ["Meetings", "  Minutes"], "and nothing of it is lost");
    assert_eq!(imke.sheaf(&["cat", "Minutes"]).out, "# Minutes\n\nwords\n", "it is read as before");

    imke.sheaf(&["restore", "Minutes"]);
    assert_eq!(titles(&imke, &["list"]), ["Welcome to Sheaf", "Minutes"], "its parent stays in the trash");
    let back = imke.sheaf(&["restore", "Meetings"]);
    assert_eq!(back.out, "Meetings is back.\n");
    assert_eq!(titles(&imke, &["list"]), ["Welcome to Sheaf", "Meetings", "Minutes"], "where it was");
}
