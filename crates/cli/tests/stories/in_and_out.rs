//! Folders that come in and go out at a terminal.

use std::fs;

use crate::support::Device;

#[test]
fn a_folder_comes_in_and_goes_out_and_what_was_left_is_named() {
    let imke = Device::new();
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("Vault");
    fs::create_dir_all(vault.join("Harbour")).unwrap();
    fs::write(vault.join("Harbour.md"), "# Harbour\n\nSee [[Log]].\n").unwrap();
    fs::write(vault.join("Harbour/Log.md"), "# Log\n\nAll quiet.\n").unwrap();
    fs::write(vault.join("latin.md"), b"Gr\xfc\xdfe").unwrap();
    let path = vault.to_str().unwrap();
    let said = imke.sheaf(&["import", path]);
    assert_eq!(said.code, 0, "{}", said.err);
    let lines: Vec<_> =
        said.out.lines().map(|line| line.split_once("  ").map_or(line, |(_, rest)| rest)).collect();
    assert_eq!(lines, ["Vault: 3 documents.", "Left out:", "  latin.md: no text in UTF-8"], "{}", said.out);

    let out = folder.path().join("out");
    let exported = imke.json(&["export", "Vault", "--into", out.to_str().unwrap()], "");
    assert_eq!(
        (exported["documents"].as_u64(), exported["left"].as_array().map(Vec::len)),
        (Some(3), Some(0))
    );
    let log = fs::read_to_string(out.join("Vault/Vault/Harbour/Log.md")).unwrap();
    assert_eq!(log, "# Log\n\nAll quiet.\n");
    let harbour = fs::read_to_string(out.join("Vault/Vault/Harbour.md")).unwrap();
    assert_eq!(harbour, "# Harbour\n\nSee [Log](Harbour/Log.md).\n", "links lead from file to file");

    let alone = imke.json(&["export", "Harbour", "--alone", "--into", out.to_str().unwrap()], "");
    assert_eq!(alone["path"].as_str(), out.join("Harbour.md").to_str());
}

#[test]
fn where_nothing_can_be_brought_in_nothing_is_changed() {
    let imke = Device::new();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sea.png"), "png").unwrap();
    let said = imke.sheaf(&["import", folder.path().to_str().unwrap()]);
    assert_eq!((said.code, said.out.as_str()), (3, ""));
    assert!(said.err.contains("There is no document in"), "{}", said.err);
    let said = imke.sheaf(&["import", "/nowhere/at/all"]);
    assert_eq!(said.code, 1, "{}", said.err);
    assert_eq!(imke.sheaf(&["status"]).code, 3, "no workspace was made for nothing");
}
