//! Files that cannot be opened: a clear error, and every byte left as it was.

use sheaf_store::{Access, Options, StoreError};

use crate::support::*;

#[test]
fn two_writers_cannot_be() {
    let disk = Disk::new();
    let first = disk.create();
    let second = disk.open(Access::Write);
    assert!(matches!(second, Err(StoreError::Locked)), "one outbox, one writer: {second:?}");
    drop(first);
    disk.write();
}

#[test]
fn a_workspace_that_is_not_there() {
    let disk = Disk::new();
    for access in [Access::Read, Access::Write] {
        let missing = disk.open(access);
        assert!(matches!(missing, Err(StoreError::NotFound(_))), "opening makes nothing: {missing:?}");
    }
    assert_eq!(std::fs::read_dir(disk.folder.path()).unwrap().count(), 0, "not even a file beside it");
}

#[test]
fn a_key_is_refused_and_never_ignored() {
    let disk = Disk::new();
    drop(disk.create());
    let key = Some(sheaf_store::Key::new("correct horse"));
    let refused = sheaf_store::Store::open(&disk.path(), Options { key, access: Access::Write });
    assert!(matches!(refused, Err(StoreError::NoCipher)), "this build would write plain text: {refused:?}");
}

/// Makes a workspace with some text in it, closed, and returns the bytes of its file.
fn written(disk: &Disk) -> Vec<u8> {
    let mut store = disk.create();
    let writes: Vec<_> = lines().iter().map(|line| typed(MINUTES, 1, line)).collect();
    store.commit_local_all(&writes).unwrap();
    drop(store);
    std::fs::read(disk.path()).unwrap()
}

fn lines() -> Vec<String> {
    (0..2_000).map(|number| format!("line {number} of the minutes")).collect()
}

/// Puts these bytes in the workspace's place; opening must fail as expected and change none of them.
fn assert_refused(disk: &Disk, bytes: &[u8], why: &str, expected: impl Fn(&StoreError) -> bool) {
    std::fs::write(disk.path(), bytes).unwrap();
    for access in [Access::Read, Access::Write] {
        match disk.open(access) {
            Err(error) => assert!(expected(&error), "{why}: {error:?}"),
            Ok(_) => panic!("{why}: it opened"),
        }
        assert_eq!(std::fs::read(disk.path()).unwrap(), bytes, "{why}: not a byte may change");
    }
}

fn corrupt(error: &StoreError) -> bool {
    matches!(error, StoreError::Corrupt(_))
}

#[test]
fn a_file_that_is_no_database() {
    let disk = Disk::new();
    let mut chance = Chance(7);
    let noise: Vec<u8> = (0..20_000).map(|_| chance.number() as u8).collect();
    assert_refused(&disk, &noise, "noise", corrupt);
    assert_refused(&disk, b"Dear Ada,", "a letter", corrupt);
    assert_refused(&disk, b"", "nothing", corrupt);
}

#[test]
fn a_file_that_lost_its_end() {
    let disk = Disk::new();
    let whole = written(&disk);
    for length in [1, 99, 100, 512, 4_095, 4_096, 8_192, whole.len() / 2, whole.len() - 4_096] {
        assert_refused(
            &disk,
            &whole[..length],
            &format!("the first {length} bytes of {}", whole.len()),
            corrupt,
        );
    }
}

#[test]
fn a_file_with_a_damaged_header() {
    let disk = Disk::new();
    let whole = written(&disk);
    let mut refused = 0;
    for place in 0..100 {
        let mut bytes = whole.clone();
        bytes[place] ^= 0xff;
        std::fs::write(disk.path(), &bytes).unwrap();
        match disk.open(Access::Read).and_then(|store| store.updates(MINUTES)) {
            Ok(read) => {
                assert_eq!(read.list, lines(), "byte {place} means nothing to the text, so all is there")
            }
            Err(_) => refused += 1,
        }
        assert_eq!(std::fs::read(disk.path()).unwrap(), bytes, "byte {place}: reading changes nothing");
        if disk.open(Access::Write).is_err() {
            assert_eq!(std::fs::read(disk.path()).unwrap(), bytes, "byte {place}: a refusal changes nothing");
        }
    }
    assert!(refused >= 30, "magic, sizes, format and marks are looked at: {refused}");
}

#[test]
fn damage_in_the_middle_is_found_and_never_read_as_text() {
    let disk = Disk::new();
    let whole = written(&disk);
    let mut chance = Chance(11);
    let mut found = 0;
    for _ in 0..40 {
        let place = 4_096 + chance.below(whole.len() as u64 - 4_096) as usize;
        let mut bytes = whole.clone();
        bytes[place] ^= 1 << chance.below(8);
        found += u32::from(is_found(&disk, &bytes, &format!("byte {place}")));
    }
    assert!(found > 10, "most of the file is rows, so much of the damage is damage to them: {found} of 40");
    is_found(&disk, &whole[..whole.len() - 1], "the last byte lost");
}

/// Says whether damage is found by looking everywhere; where it is not, every word must be there.
fn is_found(disk: &Disk, bytes: &[u8], damage: &str) -> bool {
    std::fs::write(disk.path(), bytes).unwrap();
    match disk.open(Access::Read).and_then(|store| store.check().map(|()| store)) {
        Ok(store) => {
            assert_eq!(texts(&store, MINUTES), lines(), "{damage}: it is in no word, so all is there");
            false
        }
        Err(error) => {
            assert!(corrupt(&error), "{damage}: {error:?}");
            true
        }
    }
}

#[test]
fn a_file_of_a_newer_sheaf() {
    let disk = Disk::new();
    drop(disk.create());
    rusqlite::Connection::open(disk.path()).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let bytes = std::fs::read(disk.path()).unwrap();
    let newer = |error: &StoreError| matches!(error, StoreError::Newer { found: 99, known: 5 });
    assert_refused(&disk, &bytes, "format 99", newer);
}

#[test]
fn a_file_of_another_program() {
    let disk = Disk::new();
    let other = rusqlite::Connection::open(disk.path()).unwrap();
    other.execute_batch("CREATE TABLE bookmarks (url TEXT)").unwrap();
    drop(other);
    let bytes = std::fs::read(disk.path()).unwrap();
    assert_refused(&disk, &bytes, "bookmarks", |error| matches!(error, StoreError::Foreign));
}

#[test]
fn a_new_workspace_takes_nobodys_place() {
    let disk = Disk::new();
    let bytes = written(&disk);
    let identity = disk.open(Access::Read).unwrap().identity().unwrap();
    let refused = sheaf_store::Store::create(&disk.path(), None, identity);
    assert!(matches!(refused, Err(StoreError::Exists(_))), "there is a workspace already: {refused:?}");
    assert_eq!(std::fs::read(disk.path()).unwrap(), bytes, "and it stays as it was");
}

#[test]
fn an_interrupted_creation_is_in_nobodys_way() {
    let disk = Disk::new();
    std::fs::write(disk.folder.path().join("workspace.sheaf.new"), b"half of a new wor").unwrap();
    let store = disk.create();
    store.check().unwrap();
}

#[cfg(unix)]
#[test]
fn nobody_else_on_the_machine_can_read_along() {
    use std::os::unix::fs::PermissionsExt as _;
    let disk = Disk::new();
    let mut store = disk.create();
    store.commit_local(&typed(MINUTES, 1, "between us")).unwrap();
    for ending in ["", "-wal", "-shm"] {
        let path = disk.folder.path().join(format!("workspace.sheaf{ending}"));
        let rights = std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(rights, 0o600, "the file {ending} holds what was written, so it is its owner's alone");
    }
}

#[cfg(unix)]
#[test]
fn a_link_to_a_workspace_is_the_same_workspace() {
    let disk = Disk::new();
    let _first = disk.create();
    let link = disk.folder.path().join("link.sheaf");
    std::os::unix::fs::symlink(disk.path(), &link).unwrap();
    let second = sheaf_store::Store::open(&link, Options { key: None, access: Access::Write });
    assert!(matches!(second, Err(StoreError::Locked)), "two names, one lock: {second:?}");
}
