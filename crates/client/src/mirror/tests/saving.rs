//! How programs save, and what they leave lying about.

use super::super::disk::{self, Outcome};
use super::*;

/// Saves as vim does: the old file gets another name, a new one takes its place.
fn save_like_vim(desk: &Desk, path: &str, text: &str) {
    let (target, backup) = (desk.folder.join(path), desk.folder.join(format!("{path}~")));
    fs::write(desk.folder.join("4913"), "").unwrap();
    fs::remove_file(desk.folder.join("4913")).unwrap();
    fs::rename(&target, &backup).unwrap();
    fs::write(&target, text).unwrap();
    fs::remove_file(&backup).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_from_vim_combines_with_what_is_typed() {
    let mut desk = Desk::new().await;
    let plan = desk.write(None, "Plan", "The ferry leaves at six.\n").await;
    desk.start();
    desk.in_step().await;
    let (watcher, mut heard) = desk.replica.watch();
    watcher.open(plan).await.unwrap();
    save_like_vim(&desk, "Plan.md", "The ferry leaves at seven.\n");
    desk.until("seven", |desk| desk.did.iter().any(|step| matches!(step, Step::Merge { .. }))).await;
    desk.replica.append(plan, markdown::read("Every day."), Origin::TYPED).await.unwrap();
    desk.until("both", |desk| desk.file("Plan.md").contains("Every day.")).await;
    save_like_vim(&desk, "Plan.md", "The ferry leaves at eight.\n\nEvery day.\n");
    desk.until("eight", |desk| {
        desk.did.iter().filter(|step| matches!(step, Step::Merge { .. })).count() == 2
    })
    .await;
    assert_eq!(desk.replica.text(plan).await.unwrap(), "The ferry leaves at eight.\nEvery day.");
    assert_eq!(desk.the_only_document().await, plan, "it was one file all along");
    let update = async {
        while let Some(event) = heard.next().await {
            if matches!(event, crate::replica::ReplicaEvent::Update { document, .. } if document == plan) {
                return;
            }
        }
    };
    timeout(PATIENCE, update).await.expect("who has it open sees it change under their eyes");
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_linter_that_only_rewrites_is_left_in_peace() {
    let mut desk = Desk::new().await;
    desk.write(None, "Plan", "- one\n- two\n\nA long line of words.\n").await;
    desk.start();
    desk.in_step().await;
    let linted = "* one\n* two\n\nA long line\nof words.\n";
    desk.save("Plan.md", linted);
    desk.until("the linter's form", |desk| desk.did.iter().any(|step| matches!(step, Step::Merge { .. })))
        .await;
    desk.did.clear();
    desk.save("Plan.md", &format!("{linted}\n"));
    desk.until("another empty line", |desk| !desk.did.is_empty()).await;
    assert_eq!(desk.file("Plan.md"), format!("{linted}\n"), "nobody undoes what it did");
    assert!(
        desk.did.iter().all(|step| matches!(step, Step::Merge { .. })),
        "nothing was written: {:?}",
        desk.did
    );
    desk.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renamed_file_is_a_renamed_document() {
    let mut desk = Desk::new().await;
    let plan = desk.write(None, "Plan", "words\n").await;
    desk.write(None, "Log", "other words\n").await;
    desk.start();
    desk.in_step().await;
    fs::create_dir(desk.folder.join("Log")).unwrap();
    fs::rename(desk.folder.join("Plan.md"), desk.folder.join("Log/Harvest.md")).unwrap();
    desk.until("the move", |desk| desk.did.iter().any(|step| matches!(step, Step::Follow { .. }))).await;
    assert_eq!(desk.tree().await, ["  Harvest", "Log"]);
    assert_eq!(
        desk.replica.markdown(plan).await.unwrap(),
        "# Harvest\n\nwords\n",
        "the same document, with all its history"
    );
    desk.stop().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn links_pipes_and_what_is_no_text_are_left_alone() {
    let mut desk = Desk::new().await;
    let plan = desk.write(None, "Plan", "words\n").await;
    desk.write(None, "Log", "words\n").await;
    desk.start();
    desk.in_step().await;
    let outside = desk.folder.with_file_name("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("secret.md"), "not for the team").unwrap();
    std::os::unix::fs::symlink(outside.join("secret.md"), desk.folder.join("Secret.md")).unwrap();
    std::os::unix::fs::symlink(&outside, desk.folder.join("Plan")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(desk.folder.join("Pipe.md")).status().unwrap();
    assert!(made.success());
    fs::write(desk.folder.join("Photo.md"), [0xff, 0xd8, 0xff]).unwrap();
    desk.until("them", |desk| desk.state.problems.len() == 4).await;
    let told: Vec<_> = desk.state.problems.iter().map(|it| (it.path.as_str(), it.trouble.clone())).collect();
    let expected = [
        ("Photo.md", Trouble::NoText),
        ("Pipe.md", Trouble::NoFile),
        ("Plan", Trouble::Link),
        ("Secret.md", Trouble::Link),
    ];
    assert_eq!(told, expected);
    desk.write(Some(plan), "May", "under a link\n").await;
    desk.replica.append(plan, markdown::read("more"), Origin::TYPED).await.unwrap();
    desk.until("more", |desk| desk.file("Plan.md").contains("more")).await;
    let left: Vec<_> = walk(&outside);
    assert_eq!(left, [outside.join("secret.md")], "nothing was written through the link");
    desk.stop().await;
}

#[test]
fn a_save_that_comes_in_between_is_found_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (root, of) = (folder.path(), |words: &str| ContentHash::of(words.as_bytes()));
    assert_eq!(disk::write(root, "a/Plan.md", "first", None).unwrap(), Outcome::Done);
    assert_eq!(disk::write(root, "a/Plan.md", "second", None).unwrap(), Outcome::Other, "something is there");
    assert_eq!(disk::write(root, "a/Plan.md", "second", Some(of("first"))).unwrap(), Outcome::Done);
    fs::write(root.join("a/Plan.md"), "Imke's").unwrap();
    assert_eq!(disk::write(root, "a/Plan.md", "third", Some(of("second"))).unwrap(), Outcome::Other);
    assert_eq!(fs::read_to_string(root.join("a/Plan.md")).unwrap(), "Imke's", "what she saved is there");
    assert_eq!(disk::remove(root, "a/Plan.md", of("second")).unwrap(), Outcome::Other, "nor is it deleted");
    assert_eq!(disk::write(root, "a/Gone.md", "words", Some(of("gone"))).unwrap(), Outcome::Other);
    assert_eq!(disk::rename(root, "a/Plan.md", "b/Plan.md").unwrap(), Outcome::Done);
    assert_eq!(walk(root), [root.join("b/Plan.md")], "no passing name is left, and no empty folder");
    fs::write(root.join("Other.md"), "there").unwrap();
    assert_eq!(
        disk::rename(root, "b/Plan.md", "Other.md").unwrap(),
        Outcome::Other,
        "nothing is renamed over"
    );
    assert_eq!(disk::remove(root, "b/Plan.md", of("Imke's")).unwrap(), Outcome::Done);
    assert_eq!(walk(root), [root.join("Other.md")]);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_and_rights_are_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let (folder, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let of = |words: &str| ContentHash::of(words.as_bytes());
    std::os::unix::fs::symlink(outside.path(), folder.path().join("a")).unwrap();
    assert!(disk::write(folder.path(), "a/Plan.md", "words", None).is_err());
    assert!(walk(outside.path()).is_empty(), "nothing is behind it");
    fs::write(outside.path().join("theirs.md"), "words").unwrap();
    std::os::unix::fs::symlink(outside.path().join("theirs.md"), folder.path().join("b.md")).unwrap();
    assert_eq!(disk::write(folder.path(), "b.md", "other", Some(of("words"))).unwrap(), Outcome::Other);
    assert_eq!(fs::read_to_string(outside.path().join("theirs.md")).unwrap(), "words");
    assert!(folder.path().join("b.md").is_symlink(), "the link is as it was");
    let private = folder.path().join("c.md");
    fs::write(&private, "words").unwrap();
    fs::set_permissions(&private, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(disk::write(folder.path(), "c.md", "other", Some(of("words"))).unwrap(), Outcome::Done);
    assert_eq!(
        fs::metadata(&private).unwrap().permissions().mode() & 0o777,
        0o600,
        "who could not read it cannot now"
    );
}
