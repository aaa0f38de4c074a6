//! Imke's folder: two documents, a picture and a timetable, referred to in every way that people use.

use sheaf_document::ids::{ContentHash, DocumentId};
use sheaf_document::markdown;
use sheaf_document::tree::{Element, Node};

use super::Atlas;

const PLAN: DocumentId = DocumentId::from_bytes([1; 16]);
const CRANE: DocumentId = DocumentId::from_bytes([2; 16]);
const DOCKS: DocumentId = DocumentId::from_bytes([3; 16]);

fn atlas(is_there: bool) -> Atlas {
    let mut atlas = Atlas::default();
    atlas.put_document("Plan.md", PLAN);
    atlas.put_document("Docks", DOCKS);
    atlas.put_document("Docks/Crane 7.md", CRANE);
    atlas.put_file("img/harbour.png", is_there.then(|| ContentHash::of(b"harbour")));
    atlas.put_file("Docks/times.pdf", is_there.then(|| ContentHash::of(b"times")));
    atlas
}

fn inward(from: &str, text: &str) -> String {
    markdown::write(&atlas(true).inward(from, markdown::read(text)))
}

fn hash(bytes: &[u8]) -> String {
    sheaf_protocol::rest::Hex::from(ContentHash::of(bytes)).to_string()
}

#[test]
fn every_way_to_name_a_document_of_the_folder_becomes_a_mention() {
    let crane = format!("sheaf://document/{CRANE}");
    for (from, text, expected) in [
        ("Plan.md", "see [the crane](Docks/Crane%207.md)", format!("see [the crane]({crane})\n")),
        ("Plan.md", "see [the crane](<docks/crane 7.md>)", format!("see [the crane]({crane})\n")),
        ("Plan.md", "see [[Crane 7]].", format!("see [Crane 7]({crane}).\n")),
        ("Plan.md", "see [[Docks/Crane 7|it]] now", format!("see [it]({crane}) now\n")),
        ("Docks/Crane 7.md", "up: [[Plan]]", format!("up: [Plan](sheaf://document/{PLAN})\n")),
        ("Docks/Crane 7.md", "up: [Plan](../Plan.md)", format!("up: [Plan](sheaf://document/{PLAN})\n")),
        ("Plan.md", "all [docks](Docks/)", format!("all [docks](sheaf://document/{DOCKS})\n")),
        (
            "Plan.md",
            "- [[Crane 7]]\n- [[plan]]",
            format!("- [Crane 7]({crane})\n- [plan](sheaf://document/{PLAN})\n"),
        ),
    ] {
        assert_eq!(inward(from, text), expected, "{text}");
    }
}

#[test]
fn what_the_folder_does_not_have_stays_as_it_was_written() {
    for text in [
        "see [[Nowhere]] and [it](nowhere.md)\n",
        "see [a part](Plan.md#part) and [[Plan#part]]\n",
        "[out](../../Plan.md) and [web](https://example.org/Plan.md)\n",
        "`[[Plan]]` is code\n",
        "[**bold**](Plan.md) is more than a name\n",
        "![](nowhere.png)\n",
        "array[[0]]\n",
        "```\n[[Plan]]\n```\n",
    ] {
        let blocks = markdown::read(text);
        assert_eq!(atlas(true).inward("Plan.md", blocks.clone()), blocks, "{text}");
    }
}

#[test]
fn pictures_and_files_of_the_folder_are_the_documents_own() {
    let (harbour, times) = (hash(b"harbour"), hash(b"times"));
    for (from, text, expected) in [
        (
            "Plan.md",
            "![view|320](img/harbour.png \"At noon\")",
            format!("![view|320](sheaf://file/{harbour} \"At noon\")\n"),
        ),
        ("Docks/Crane 7.md", "![](../img/harbour.png)", format!("![](sheaf://file/{harbour})\n")),
        ("Plan.md", "![[harbour.png|320]]", format!("![|320](sheaf://file/{harbour})\n")),
        ("Plan.md", "[times](Docks/times.pdf)", format!("[times](sheaf://file/{times})\n")),
        (
            "Plan.md",
            "before ![[harbour.png]] behind",
            format!("before\n\n![](sheaf://file/{harbour})\n\nbehind\n"),
        ),
    ] {
        assert_eq!(inward(from, text), expected, "{text}");
        let read = markdown::read(text);
        assert_eq!(atlas(false).wanted(from, &read).len(), 1, "somebody has to bring it first: {text}");
        assert_eq!(atlas(false).inward(from, read.clone()), read, "until then nothing changes: {text}");
    }
}

#[test]
fn what_goes_out_comes_in_again_the_same() {
    let bold: Node = Node::Text(sheaf_document::tree::Span {
        text: "bold".to_owned(),
        marks: [("bold".to_owned(), serde_json::json!({}))].into(),
    });
    let figure = || Element::new("figure").with("file", hash(b"harbour"));
    let mention = Element::new("mention")
        .with("kind", "document")
        .with("id", CRANE.to_string())
        .with("label", "it [7]");
    let blocks: Vec<Node> = vec![
        Element::new("paragraph").containing([Node::text("see "), mention.into(), Node::text(" now")]).into(),
        figure().with("alt", "view").with("width", 320).containing([Node::text("At noon")]).into(),
        figure().containing([Node::text("a "), bold]).into(),
        figure().with("alt", "view|320").into(),
        Element::new("attachment").with("file", hash(b"times")).with("name", "times.pdf").into(),
        Element::new("bulletList")
            .containing([Element::new("listItem")
                .containing([
                    Element::new("paragraph").containing([Node::text("one")]).into(),
                    figure().into(),
                ])
                .into()])
            .into(),
    ];
    let atlas = atlas(true);
    for from in ["Plan.md", "Docks/Crane 7.md"] {
        let file = markdown::write(&atlas.outward(from, &blocks));
        assert!(
            !file.contains(&hash(b"harbour")) && !file.contains("sheaf://"),
            "no id of ours is in it: {file}"
        );
        assert_eq!(
            markdown::normal(atlas.inward(from, markdown::read(&file))),
            markdown::normal(blocks.clone()),
            "{file}"
        );
    }
}

#[test]
fn what_is_not_in_the_folder_keeps_its_id() {
    let stranger = DocumentId::from_bytes([9; 16]);
    let text = format!("[Elsewhere](sheaf://document/{stranger}) and [@Ada](sheaf://person/{stranger})\n");
    let blocks = markdown::read(&text);
    assert_eq!(markdown::write(&atlas(true).outward("Plan.md", &blocks)), text);
}
