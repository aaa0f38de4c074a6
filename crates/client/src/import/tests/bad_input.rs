//! Folders as nobody should have them.

use std::fs::{self, File};

use super::*;

#[tokio::test]
async fn whatever_cannot_be_read_is_named_with_the_reason_and_costs_nothing_else() {
    let imke = Person::with(&[
        ("good.md", b"# Good\n\n![](film.png)\n"),
        ("latin.md", b"Gr\xfc\xdfe"),
        ("binary.md", b"a\0b"),
        ("data.bin", b"\0\0"),
    ])
    .await;
    let folder = imke.folder.path();
    // Two gigabytes that take no room: nobody reads a byte of them.
    for name in ["huge.md", "film.png"] {
        File::create(folder.join(name)).unwrap().set_len(2 << 30).unwrap();
    }
    let deep = (0..70).map(|depth| depth.to_string()).collect::<Vec<_>>().join("/");
    write(folder, &format!("{deep}/deep.md"), b"deep");
    let report = imke.import_all().await;
    assert!(matches!(report.outcome, Outcome::Whole), "{report:?}");
    let too_deep = (0..65).map(|depth| depth.to_string()).collect::<Vec<_>>().join("/");
    assert_eq!(
        reasons(&report),
        [
            (too_deep.as_str(), "too_deep"),
            ("binary.md", "not_text"),
            ("data.bin", "not_shown"),
            ("film.png", "too_large"),
            ("huge.md", "too_large"),
            ("latin.md", "not_text"),
        ]
    );
    assert_eq!(imke.tree(&report).await[1..], ["  Good"], "the rest is there");
    assert!(
        imke.markdown("Good").await.contains("![](film.png)"),
        "what is not brought in stays as it was written"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn links_and_pipes_are_left_alone() {
    let imke = Person::with(&[("good.md", b"![](secret.png)\n\n[s](sub/../../secret.txt)\n")]).await;
    let (folder, outside) = (imke.folder.path(), tempfile::tempdir().unwrap());
    write(outside.path(), "secret.png", &png());
    write(outside.path(), "secret.md", b"secret");
    std::os::unix::fs::symlink(outside.path(), folder.join("away")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.md"), folder.join("link.md")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.png"), folder.join("secret.png")).unwrap();
    std::os::unix::fs::symlink(".", folder.join("circle")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(folder.join("pipe.md")).status().unwrap();
    assert!(made.success());
    let report = imke.import_all().await;
    assert_eq!((report.documents, report.files), (2, 0), "nothing from outside came along: {report:?}");
    let expected = [
        ("away", "link"),
        ("circle", "link"),
        ("link.md", "link"),
        ("pipe.md", "special"),
        ("secret.png", "link"),
    ];
    assert_eq!(reasons(&report), expected);
    let single = imke.import(&folder.join("good.md")).await;
    assert_eq!(single.files, 0, "nor does a single file reach outside: {single:?}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn names_that_only_linux_knows_become_documents_too() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let imke = Person::with(&[("Plan.md", b"one"), ("plan.md", b"two"), ("Plan/below.md", b"three")]).await;
    let folder = imke.folder.path();
    fs::write(folder.join(OsStr::from_bytes(b"gr\xfcn.md")), "four").unwrap();
    write(folder, &format!("{}.md", "ü".repeat(120)), b"five");
    let report = imke.import_all().await;
    let long = format!("  {}", "ü".repeat(120));
    assert_eq!(
        imke.tree(&report).await[1..],
        ["  gr\u{fffd}n", "  Plan", "    below", "  plan", long.as_str()]
    );
    assert!(report.left.is_empty(), "{report:?}");
    // On the way out they have to be told apart for everyone.
    let out = imke.export(Scope::Below(report.document.unwrap()), &folder.join("out")).await;
    let mut names: Vec<_> = fs::read_dir(out.path.join(out.path.file_name().unwrap()))
        .unwrap()
        .map(|it| it.unwrap().file_name())
        .collect();
    names.sort();
    let names: Vec<_> = names.iter().map(|name| name.to_str().expect("text")).collect();
    assert_eq!(names[..3], ["Plan", "Plan.md", "gr\u{fffd}n.md"]);
    assert_eq!(names[3], "plan 2.md");
}

#[tokio::test]
async fn where_there_is_no_document_nothing_is_made() {
    let imke = Person::with(&[("img/sea.png", b"png"), (".hidden/x.md", b"x")]).await;
    let Err(SurveyError::Nothing(left)) = survey(imke.folder.path()) else {
        panic!("there is nothing to bring in")
    };
    assert_eq!(left.len(), 1, "and it says what it saw: {left:?}");
    assert!(matches!(survey(&imke.folder.path().join("nowhere")), Err(SurveyError::Disk(_))));
}

#[tokio::test]
async fn a_document_that_no_relay_would_take_is_left_and_what_stands_under_it_is_not() {
    let words = "a ".repeat(8 << 20);
    let imke = Person::with(&[("Long.md", words.as_bytes()), ("Long/Short.md", b"short")]).await;
    let report = imke.import_all().await;
    assert!(matches!(report.outcome, Outcome::Whole), "{report:?}");
    assert_eq!(imke.tree(&report).await.iter().filter(|line| line.ends_with("Short")).count(), 1);
}
