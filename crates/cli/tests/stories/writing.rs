//! Making, listing, reading and adding: what goes in comes out.

use serde_json::{Value, json};

use crate::support::Device;

const MINUTES: &str = "Present: **Imke**, Tomás\n\n- [x] bread\n- [ ] a *long* table\n\n| who | what |\n| --- | --- |\n| Ada | key |\n";

#[test]
fn a_document_from_a_pipe_is_read_back_as_it_was_written() {
    let imke = Device::new();
    let made = imke.sheaf_with(&["new", "Minutes"], MINUTES);
    assert_eq!((made.code, made.err.as_str()), (0, ""));
    let id = made.out.trim();
    assert_eq!(
        imke.sheaf(&["cat", "Minutes"]).out,
        format!("# Minutes\n\n{MINUTES}"),
        "its title is the first heading, and nothing of the Markdown is lost"
    );
    let added = imke.sheaf_with(&["append", id], "## Later\n\nWe met again.\n");
    assert_eq!((added.code, added.out.as_str()), (0, "Added 2 blocks to Minutes.\n"), "{}", added.err);
    let whole = imke.sheaf(&["cat", id]).out;
    assert_eq!(whole, format!("# Minutes\n\n{MINUTES}\n## Later\n\nWe met again.\n"));
    let text = imke.sheaf(&["cat", "minutes", "--text"]).out;
    assert!(text.ends_with("Ada\nkey\nLater\nWe met again.\n"), "one line for each paragraph: {text}");
}

#[test]
fn a_text_that_begins_with_its_title_says_it_once() {
    let imke = Device::new();
    imke.sheaf_with(
        &["new", "Log"],
        "# Log

The pier is dry.
",
    );
    assert_eq!(
        imke.sheaf(&["cat", "Log"]).out,
        "# Log

The pier is dry.
"
    );
    imke.sheaf_with(
        &["new", "Plans"],
        "# Boats

Three.
",
    );
    assert_eq!(
        imke.sheaf(&["cat", "Plans"]).out,
        "# Plans

# Boats

Three.
",
        "another heading is text"
    );
}

#[test]
fn what_markdown_cannot_say_in_blocks_comes_back_too() {
    let imke = Device::new();
    let odd = "<div class=\"note\">\nHTML\n</div>\n\nSome maths: $a^2$ and a note[^1].\n\n[^1]: The note.\n";
    imke.sheaf_with(&["new", "Odd"], odd);
    let whole = imke.sheaf(&["cat", "Odd"]).out;
    assert_eq!(whole, format!("# Odd\n\n{odd}"));
}

#[test]
fn the_first_document_founds_a_workspace_on_this_device() {
    let imke = Device::new();
    let mut made = imke.json(&["new", "Log"], "");
    let id = made["id"].take();
    insta::assert_json_snapshot!(made, @r#"
    {
      "id": null,
      "title": "Log"
    }
    "#);
    let mut list = imke.json(&["list", "--flat"], "");
    let titles: Vec<_> =
        list["documents"].as_array().unwrap().iter().map(|row| row["title"].clone()).collect();
    assert_eq!(titles, [json!("Log"), json!("Welcome to Sheaf")], "the newest first, then the welcome");
    let mut first = list["documents"][0].take();
    assert_eq!(first["id"].take(), id);
    assert!(first["updated_at"].take().as_u64().is_some_and(|at| at > 1_700_000_000_000), "milliseconds");
    assert!(first["waiting"].take().as_u64().is_some_and(|waiting| waiting > 0), "no relay has it");
    insta::assert_json_snapshot!(first, @r#"
    {
      "id": null,
      "parent": null,
      "recovered": false,
      "refused": null,
      "title": "Log",
      "updated_at": null,
      "waiting": null
    }
    "#);
    let mut status = imke.json(&["status"], "");
    for told in ["profile", "workspace", "waiting"] {
        assert_ne!(status[told].take(), Value::Null, "{told} is always said");
    }
    insta::assert_json_snapshot!(status, @r#"
    {
      "documents": 2,
      "name": null,
      "profile": null,
      "refused": [],
      "relay": null,
      "waiting": null,
      "workspace": null
    }
    "#);
    let said = imke.sheaf(&["status"]).out;
    assert!(said.contains("none: everything is on this device only"), "{said}");
}

#[test]
fn the_page_as_json_says_which_form_it_has() {
    let imke = Device::new();
    imke.sheaf_with(&["new", "Log"], "*one*\n");
    let page = imke.json(&["cat", "Log"], "");
    assert_eq!(page["markdown"], "# Log\n\n*one*\n");
    let page = imke.json(&["cat", "Log", "--text"], "");
    assert_eq!((&page["text"], &page["markdown"]), (&json!("one"), &Value::Null));
    let added = imke.json(&["append", "Log"], "two\n\nthree\n");
    assert_eq!((&added["title"], &added["blocks"]), (&json!("Log"), &json!(2)));
}
