//! A folder of files at a terminal, kept in step.

use std::fs;

use crate::support::Device;

#[test]
fn a_folder_is_brought_in_step_once() {
    let imke = Device::new();
    imke.sheaf_with(&["new", "Log"], "All *quiet*.\n");
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("Notes");
    let mirror =
        |args: &[&str]| imke.sheaf(&[&["mirror", folder.to_str().unwrap(), "--once"], args].concat());
    let first = mirror(&[]);
    assert_eq!(first.code, 0, "{}", first.err);
    assert_eq!(first.out, "wrote    Welcome to Sheaf.md\nwrote    Log.md\nin step  2 files\n");
    assert_eq!(fs::read_to_string(folder.join("Log.md")).unwrap(), "All *quiet*.\n");

    fs::write(folder.join("Log.md"), "All *quiet*, and dark.\n").unwrap();
    fs::create_dir(folder.join("Log")).unwrap();
    fs::write(folder.join("Log/May.md"), "A storm.\n").unwrap();
    let second = mirror(&[]);
    assert_eq!(second.out, "read     Log.md\nread     Log/May.md\nin step  3 files\n", "{}", second.err);
    assert_eq!(imke.sheaf(&["cat", "Log"]).out, "# Log\n\nAll *quiet*, and dark.\n");
    assert_eq!(imke.sheaf(&["cat", "May"]).out, "# May\n\nA storm.\n");
    assert_eq!(mirror(&[]).out, "in step  3 files\n", "then there is nothing to do");

    fs::remove_dir_all(&folder).unwrap();
    let gone = mirror(&[]);
    assert_eq!(gone.code, 6, "a folder that vanished is a question: {}", gone.out);
    fs::create_dir(&folder).unwrap();
    let empty = mirror(&[]);
    assert_eq!(empty.code, 6);
    assert!(empty.out.contains("--missing write"), "what to do next: {}", empty.out);
    assert_eq!(imke.sheaf(&["cat", "May"]).out, "# May\n\nA storm.\n", "nothing was deleted");
    assert_eq!(mirror(&["--missing", "write"]).code, 0);
    assert_eq!(fs::read_to_string(folder.join("Log/May.md")).unwrap(), "A storm.\n");
}

#[test]
fn only_what_stands_under_a_document_is_mirrored() {
    let imke = Device::new();
    for title in ["Team", "Rota", "Diary"] {
        imke.sheaf_with(&["new", title], "words\n");
    }
    imke.sheaf(&["move", "Rota", "--under", "Team"]);
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().to_str().unwrap();
    let done = imke.sheaf(&["mirror", folder, "--once", "--document", "Team"]);
    assert_eq!((done.code, done.out.as_str()), (0, "wrote    Rota.md\nin step  1 file\n"), "{}", done.err);
    fs::write(place.path().join("Menu.md"), "Soup.\n").unwrap();
    imke.sheaf(&["mirror", folder, "--once", "--document", "Team"]);
    let list = imke.sheaf(&["list"]).out;
    assert!(list.contains("  Menu\n"), "it stands under Team: {list}");
}
