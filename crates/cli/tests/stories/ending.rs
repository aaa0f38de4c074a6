//! How commands end when they cannot do what they are asked: a code, a sentence, and nothing changed.

use serde_json::Value;
use sheaf_store::{Access, Options, Store};

use crate::support::{Device, plain, said};

/// Opens the workspace for writing, as the app does while it runs.
fn app(device: &Device) -> Store {
    let workspaces = device.folder.path().join("workspaces");
    let workspace = std::fs::read_dir(workspaces).unwrap().next().unwrap().unwrap().path();
    Store::open(&workspace.join("sheaf.db"), Options { key: None, access: Access::Write }).unwrap()
}

#[test]
fn beside_a_running_app_one_reads_and_does_not_write() {
    let imke = Device::new();
    imke.sheaf_with(&["new", "Log"], "one\n");
    let app = app(&imke);
    assert_eq!(imke.sheaf(&["cat", "Log"]).out, "# Log\n\none\n");
    assert_eq!((imke.sheaf(&["list"]).code, imke.sheaf(&["status"]).code), (0, 0));
    for args in [
        &["append", "Log"][..],
        &["new", "Other"],
        &["sync"],
        &["replay", &crate::support::trace("alone.json")],
    ] {
        let refused = imke.sheaf_with(args, "two\n");
        assert_eq!((refused.code, refused.out.as_str()), (4, ""), "{args:?}: {}", refused.err);
        assert!(refused.err.contains("Nothing was changed"), "{}", refused.err);
    }
    drop(app);
    assert_eq!(imke.sheaf(&["cat", "Log"]).out, "# Log\n\none\n", "it was said, and it is true");
    assert_eq!(imke.sheaf_with(&["append", "Log"], "two\n").code, 0, "the app was closed");
}

#[test]
fn what_is_not_here_is_said_to_be_not_here() {
    let ada = Device::new();
    for args in [&["list"][..], &["status"], &["cat", "Log"], &["append", "Log"]] {
        let missing = ada.sheaf(args);
        assert_eq!(missing.code, 3, "{args:?}: {}", missing.err);
    }
    let left = std::fs::read_dir(ada.folder.path()).unwrap().count();
    assert_eq!(left, 0, "asking makes no workspace");
    ada.sheaf(&["new", "Log"]);
    let missing = ada.sheaf(&["cat", "Lgo"]);
    assert_eq!((missing.code, missing.out.as_str()), (3, ""));
    assert_eq!(missing.err, "There is no document \"Lgo\" here. sheaf list shows what there is.\n");
}

#[test]
fn two_documents_of_one_title_are_listed_not_guessed() {
    let ada = Device::new();
    let ids = [(); 2].map(|()| ada.sheaf(&["new", "Log"]).out.trim().to_owned());
    let asked = ada.sheaf_with(&["append", "log"], "one\n");
    assert_eq!(asked.code, 2);
    assert!(ids.iter().all(|id| asked.err.contains(id)), "both are named: {}", asked.err);
    assert_eq!(ada.sheaf(&["cat", &ids[0]]).code, 0, "an id is always enough");
}

#[test]
fn programs_are_told_as_json_on_standard_error() {
    let ada = Device::new();
    let told = ada.sheaf(&["list", "--json"]);
    assert_eq!((told.code, told.out.as_str()), (3, ""));
    let mut told: Value = serde_json::from_str(&told.err).unwrap();
    assert!(told["error"]["message"].take().as_str().is_some_and(|words| words.ends_with('.')));
    insta::assert_json_snapshot!(told, @r#"
    {
      "error": {
        "code": "not_found",
        "message": null
      }
    }
    "#);
}

#[test]
fn a_workspace_of_this_device_has_nothing_to_sync_with() {
    let ada = Device::new();
    ada.sheaf(&["new", "Log"]);
    let alone = ada.sheaf(&["sync"]);
    assert_eq!(alone.code, 7, "{}", alone.err);
    assert!(alone.err.contains("Everything in it is saved"), "{}", alone.err);
}

#[test]
fn joining_goes_wrong_in_words_that_help() {
    let ada = Device::new();
    let join = |args: &[&str]| {
        let mut command = plain();
        command.env("SHEAF_PROFILE", ada.folder.path()).env("SHEAF_PASSWORD", "a long enough password");
        said(
            command
                .arg("join")
                .args(["--name", "Ada", "--email", "ada@example.org"])
                .args(args)
                .output()
                .unwrap(),
        )
    };
    let secret = "x".repeat(43);
    assert_eq!(join(&["hello"]).code, 2, "not a link");
    let plainly = join(&[&format!("http://relay.example.org/join#{secret}")]);
    assert_eq!(plainly.code, 6, "{}", plainly.err);
    assert!(plainly.err.contains("--insecure-http"), "what to do next: {}", plainly.err);
    // A port that was free a moment ago: nobody answers there.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let nobody = join(&[&format!("http://127.0.0.1:{port}/join#{secret}")]);
    assert_eq!(nobody.code, 5, "{}", nobody.err);
    assert!(!nobody.err.contains(&secret), "an invitation is a secret");
}

#[test]
fn questions_need_somebody_to_answer() {
    let ada = Device::new();
    let asked = ada.sheaf(&["join", "https://relay.example.org/join#x", "--email", "ada@example.org"]);
    assert_eq!(asked.code, 2);
    assert_eq!(asked.err, "Your name is missing, and there is nobody to ask: give it with --name.\n");
    let nothing = {
        ada.sheaf(&["new", "Log"]);
        ada.sheaf(&["append", "Log"])
    };
    assert_eq!(
        (nothing.code, nothing.err.as_str()),
        (2, "There was nothing to append; pipe some Markdown in.\n")
    );
}

#[test]
fn what_is_no_text_is_not_written() {
    let ada = Device::new();
    let mut command = plain();
    command.env("SHEAF_PROFILE", ada.folder.path()).args(["new", "Photo"]).write_stdin([0xff, 0xd8]);
    let photo = said(command.output().unwrap());
    assert_eq!(
        (photo.code, photo.err.as_str()),
        (2, "What was piped in is not UTF-8 text. Nothing was written.\n")
    );
    assert_eq!(ada.sheaf(&["list"]).code, 3, "not even a workspace was made");
}
