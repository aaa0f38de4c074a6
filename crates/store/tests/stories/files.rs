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
