//! What is brought in and taken out is the same.

use std::collections::BTreeMap;
use std::fs;

use super::*;

/// Returns every file in a folder by its path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut waiting) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

const TIDY: &[(&str, &[u8])] = &[
    ("Harbour.md", b"# Harbour\n\nSee [the log](Harbour/Log.md).\n\n![At noon|320](attachments/sea.png)\n\n[times](attachments/times.pdf)\n"),
    ("Harbour/Log.md", b"---\ntitle: Log\ntags: [quiet]\n---\n\nAll quiet. Back to [Harbour](../Harbour.md).\n"),
    ("Harbour/Cranes/Crane 7.md", b"# Crane 7\n\n- [ ] greased\n- [x] oiled\n"),
    ("attachments/times.pdf", b"%PDF-1.7"),
];

#[tokio::test]
async fn a_tidy_folder_comes_out_exactly_as_it_went_in() {
    let imke = Person::with(TIDY).await;
    write(imke.folder.path(), "attachments/sea.png", &png());
    let report = imke.import_all().await;
    let out = tempfile::tempdir().unwrap();
    let exported = imke.export(Scope::Below(report.document.unwrap()), out.path()).await;
    assert!(exported.left.is_empty(), "{exported:?}");
    let name = exported.path.file_name().unwrap().to_str().unwrap();
    // What hangs together is one folder deeper, beside its attachments.
    let expected: BTreeMap<_, _> = files(imke.folder.path())
        .into_iter()
        .map(|(path, bytes)| match path.starts_with("attachments/") {
            true => (path, bytes),
            false => (format!("{name}/{path}"), bytes),
        })
        .map(|(path, bytes)| {
            let text = String::from_utf8_lossy(&bytes).replace("](attachments/", "](../attachments/");
            if path.ends_with(".md") { (path, text.into_bytes()) } else { (path, bytes) }
        })
        .collect();
    assert_eq!(files(&exported.path), expected, "byte for byte");

    let again = Person::with(&[]).await;
    let second = again.import(&exported.path).await;
    assert_eq!(imke.tree(&report).await, again.tree(&second).await, "and comes in again as it was");
    let twice = again.export(Scope::Below(second.document.unwrap()), out.path()).await;
    assert_eq!(files(&twice.path), expected);
    assert_eq!(twice.path.file_name().unwrap().to_str().unwrap(), format!("{name} 2"), "in nobody's place");
}

#[tokio::test]
async fn a_document_alone_is_one_file_in_nobodys_place() {
    let imke = Person::with(&[("Plan.md", b"# Plan\n\nGrease the crane.\n")]).await;
    let report = imke.import(&imke.folder.path().join("Plan.md")).await;
    let out = tempfile::tempdir().unwrap();
    write(out.path(), "Plan.md", b"somebody else's");
    let exported = imke.export(Scope::Alone(report.document.unwrap()), out.path()).await;
    assert_eq!(exported.path, out.path().join("Plan 2.md"));
    assert_eq!(fs::read(&exported.path).unwrap(), b"# Plan\n\nGrease the crane.\n");
    assert_eq!(fs::read(out.path().join("Plan.md")).unwrap(), b"somebody else's");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 2, "nothing else lies about");
}

#[tokio::test]
async fn an_export_that_is_ended_leaves_nothing() {
    let imke = Person::with(TIDY).await;
    imke.import_all().await;
    let (out, cancel) = (tempfile::tempdir().unwrap(), CancellationToken::new());
    let ended = cancel.clone();
    let tell = move |_| ended.cancel();
    let outcome =
        imke.replica.export(Scope::Workspace, Format::Markdown, out.path().to_owned(), cancel, tell).await;
    assert!(matches!(outcome, Err(crate::export::ExportError::Cancelled)), "{outcome:?}");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0);
    assert_eq!(imke.export(Scope::Workspace, out.path()).await.path, out.path().join("Sheaf"));
}

#[tokio::test]
async fn a_page_of_html_has_its_picture_in_it_and_comes_in_again() {
    let imke = Person::with(TIDY).await;
    write(imke.folder.path(), "attachments/sea.png", &png());
    let report = imke.import_all().await;
    let (out, never) = (tempfile::tempdir().unwrap(), CancellationToken::new());
    let scope = Scope::Below(report.document.unwrap());
    let exported =
        imke.replica.export(scope, Format::Html, out.path().to_owned(), never, drop).await.unwrap();
    assert!(exported.left.is_empty(), "{exported:?}");
    let page = fs::read_to_string(exported.path.join("Vault/Harbour.html")).unwrap();
    assert!(page.contains("<img src=\"data:image/png;base64,"), "{page}");
    assert!(
        page.contains("<a href=\"Harbour/Log.html\">the log</a>"),
        "links lead from page to page: {page}"
    );
    assert!(page.contains("<a href=\"../attachments/times.pdf\">times</a>"), "{page}");

    let again = Person::with(&[]).await;
    let second = again.import(&exported.path).await;
    assert_eq!((second.documents, second.files, second.left.len()), (5, 2, 0), "{second:?}");
    let (before, after) = (imke.markdown("Harbour").await, again.markdown("Harbour").await);
    let words = |text: &str| -> Vec<String> {
        text.split("sheaf://document/").map(|some| some.chars().skip(36).collect()).collect()
    };
    assert_eq!(words(&after), words(&before), "but for its ids, it says the same");
}
