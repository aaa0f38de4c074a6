//! Ordinary documents, written as people write them.

use super::super::{read, read_document, write, write_document};
use crate::tree::{Element, Node, Span};
use serde_json::json;

fn text(text: &str) -> Node {
    Node::text(text)
}

fn marked(text: &str, marks: &[&str]) -> Node {
    let marks = marks.iter().map(|mark| ((*mark).to_owned(), json!({}))).collect();
    Node::Text(Span { text: text.to_owned(), marks })
}

fn element(name: &str, children: impl IntoIterator<Item = Node>) -> Node {
    Element::new(name).containing(children).into()
}

fn source(lines: &str) -> Node {
    Element::new("source").containing([text(lines)]).into()
}

#[test]
fn a_page_as_people_write_it_comes_back_letter_for_letter() {
    let page = "\
# Harbour walk

Imke wrote **most of it**, Tomás the *rest*; ~~Ada~~ nobody else. See <https://example.org> or [the map](map.png \"Old\").

## What to bring

- water
- a coat
  - with a hood
  - or an umbrella
- [not a link]

1. meet at 9:30
2. walk
   1. slowly

- other list

* [ ] buy film
* [x] call Ada

> Quoted, with a list
>
> - one
> - two
>
> ```rust
> fn main() {}
> ```

| who | when |
| :-- | --: |
| Imke | `9|30` |

![the harbour](harbour.jpg)

***

7. seventh
8. eighth

First line\\
second line, $5 and 3 * 4
"
    .replace("[not a link]", "\\[not a link\\]")
    .replace("`9|30`", "`9\\|30`")
    .replace("3 * 4", "3 \\* 4");
    assert_eq!(write(&read(&page)), page, "a page in the writer's own style must not change");
}

#[test]
fn what_the_tree_cannot_say_is_kept_as_its_lines() {
    let cases = [
        "<div>\n\n*not ours*\n\n</div>",
        "before <kbd>Ctrl</kbd> after",
        "a sum $$x$$ among words",
        "<details>\n<summary>never ended</summary>\n\nwords",
        "[map]: map.png \"Old\"",
        "a [badge][b] here\n\n[b]: b.svg",
        "words ![picture](p.png) words",
        "> a\n>\n> [b]: c\n\nd",
        "- a\n\n  [b]: c\n\nd",
        "- a\n\n  [b]: c\n\n- d",
        "<!-- a\n\nb -->",
        "[run](javascript:alert(1))",
        "![pixel](data:image/png;base64,AA)",
        "1. [x] numbered task",
        "> quoted <kbd>up</kbd>\n> more\n>\n> plain",
    ];
    for case in cases {
        let blocks = read(case);
        let has_source = format!("{blocks:?}").contains("source");
        assert!(has_source, "some of {case:?} has no place in the tree: {blocks:?}");
        assert_eq!(read(&write(&blocks)), blocks, "what was kept of {case:?} must stay");
        if !case.contains("[b]") {
            assert_eq!(write(&blocks).trim_end(), case, "the lines are the original ones");
        }
    }
}

#[test]
fn code_may_be_bold_or_a_link() {
    let page = "**`bold code`** and [`linked`](x)";
    let blocks = read(page);
    assert!(!format!("{blocks:?}").contains("source"), "both have a place in the tree: {blocks:?}");
    assert_eq!(write(&blocks).trim_end(), page, "and read as they were written");
}

#[test]
fn a_definition_is_kept_once() {
    for case in [
        "- a\n\n  [b]: c\n\n<br>",
        "- a\n\n  [b]: c\n\nd",
        "- a\n  - b\n\n    [b]: c\n\n# d",
        "> - a\n>\n>   [b]: c\n\nd",
        "> [b]: c\n\nd",
        "[b]: c\nd",
        "- [b]: c\n- d",
        "1. a\n\n   [b]: c\n\n   d\n\n2. e",
    ] {
        let written = write(&read(case));
        assert_eq!(written.matches("[b]: c").count(), 1, "{case:?} became {written:?}");
        assert!(!written.contains("```sheaf"), "and in plain words: {written}");
    }
}

#[test]
fn one_odd_block_leaves_the_others_pretty() {
    let odd = element("paragraph", [element("hardBreak", [])]);
    let note = || source("<kbd>[name]</kbd>, as defined below");
    let blocks = vec![note(), odd, element("paragraph", [text("a")]), source("[name]: a.html")];
    let written = write(&blocks);
    assert_eq!(read(&written), blocks, "{written}");
    assert_eq!(written.matches("```sheaf").count(), 1, "only the lone break is sealed: {written}");
}

#[test]
fn front_matter_stands_before_the_title() {
    let file = "---\ntags: [walk]\n---\n\n# Harbour walk\n\nWords.\n";
    let parsed = read_document(file);
    assert_eq!(parsed.title.as_deref(), Some("Harbour walk"), "the first heading is the title");
    assert_eq!(parsed.blocks.len(), 2, "front matter and one paragraph are left");
    assert_eq!(write_document(parsed.title.as_deref(), &parsed.blocks), file, "and the file comes back");
}

#[test]
fn a_document_without_title_keeps_its_first_heading() {
    let blocks = read("# A heading, not the title");
    let file = write_document(None, &blocks);
    let parsed = read_document(&file);
    assert_eq!(
        (parsed.title, parsed.blocks),
        (None, blocks),
        "an empty title heading stands before it: {file}"
    );
}

#[test]
fn neighbouring_lists_of_one_kind_stay_apart() {
    let list =
        |word: &str| element("bulletList", [element("listItem", [element("paragraph", [text(word)])])]);
    let blocks = vec![list("a"), list("b"), list("c")];
    assert_eq!(write(&blocks), "- a\n\n* b\n\n- c\n", "the marker changes");
    assert_eq!(read(&write(&blocks)), blocks, "so that each list stays itself");
}

#[test]
fn empty_paragraphs_survive() {
    let blocks = vec![element("paragraph", []), element("paragraph", [text("x")]), element("paragraph", [])];
    assert_eq!(
        write(&blocks),
        "&nbsp;\n\nx\n\n&nbsp;\n",
        "as a space that every renderer shows as an empty line"
    );
    assert_eq!(read(&write(&blocks)), blocks, "and come back");
}

#[test]
fn marks_that_meet_in_a_word_fall_back_to_tags() {
    let cases = [
        (vec![marked("bold", &["bold"]), text("face")], "**bold**face\n"),
        (vec![marked("bold", &["bold"]), marked("italic", &["italic"])], "**bold**<em>italic</em>\n"),
        (vec![marked("both", &["bold", "italic"])], "***both***\n"),
        (vec![text("a"), marked(" b ", &["bold"]), text("c")], "a<strong> b </strong>c\n"),
        (vec![marked("Note:", &["bold"]), text(" so")], "**Note:** so\n"),
        (vec![marked("Note:", &["bold"]), text("so")], "<strong>Note:</strong>so\n"),
        (vec![marked("a`b", &["code"]), text("_c d_e_")], "``a`b``\\_c d_e\\_\n"),
    ];
    for (children, wanted) in cases {
        let blocks = vec![element("paragraph", children)];
        assert_eq!(write(&blocks), wanted, "the prettiest form that reads back");
        assert_eq!(read(&write(&blocks)), blocks, "{wanted}");
    }
}

#[test]
fn unknown_nodes_are_sealed_where_they_stand() {
    let poll = Element::new("poll").with("kind", "tip").containing([element("paragraph", [text("psst")])]);
    let blocks = vec![element("blockquote", [element("paragraph", [text("said")]), poll.into()])];
    let written = write(&blocks);
    assert!(written.starts_with("> said\n>\n> ```sheaf\n"), "only the unknown node is sealed: {written}");
    assert!(written.contains("psst"), "and its words can be read");
    assert_eq!(read(&written), blocks, "and it comes back");
}

#[test]
fn a_sealed_block_cannot_smuggle_an_unsafe_link() {
    let sealed =
        "```sheaf\n[0,\"paragraph\",{}]\n[1,null,\"x\",{\"link\":{\"href\":\"Java\\tScript:x\"}}]\n```\n";
    assert!(
        matches!(read(sealed).as_slice(), [Node::Element(only)] if only.name == "codeBlock"),
        "it stays a code block: {:?}",
        read(sealed)
    );
}

#[test]
fn a_source_block_that_a_person_changed_still_comes_back() {
    for lines in
        ["just words", "<!-- open", "  <div>", "[a]: b\n\n[c]: d", "# heading", "```", "---\na: b\n---"]
    {
        let blocks =
            vec![element("paragraph", [text("x")]), source(lines), element("paragraph", [text("y")])];
        assert_eq!(read(&write(&blocks)), blocks, "{lines:?} is no longer what made it a source block");
    }
}

#[test]
fn a_deep_tree_is_sealed_below_the_bound() {
    let deep =
        (0..100).fold(element("paragraph", [text("down here")]), |inner, _| element("blockquote", [inner]));
    let written = write(std::slice::from_ref(&deep));
    assert!(
        written.contains("```sheaf") && written.contains("down here"),
        "quotes first, then a sealed block"
    );
    assert_eq!(read(&written), [deep], "all hundred quotes come back");
}

#[test]
fn depth_is_bounded() {
    for (name, sign) in
        [("quotes", ">"), ("brackets", "["), ("stars", "*"), ("bullets", "- "), ("images", "![")]
    {
        let text = sign.repeat(10_000);
        let blocks = read(&text);
        assert_eq!(read(&write(&blocks)), blocks, "10,000 {name} come back");
    }
    let nested = format!("{}a{}", "*a **a ".repeat(5_000), " a** a*".repeat(5_000));
    assert_eq!(read(&nested).len(), 1, "deep emphasis is one source block");
}

#[test]
fn what_sheaf_adds_reads_as_other_tools_write_it() {
    let hash = "0123456789abcdef".repeat(4);
    let page = format!(
        "\
[TOC]

> [!TIP]
> Take the *early* ferry.
>
> - water

<details>
<summary>Tides &amp; <strong>times</strong>, 9*10</summary>

High at $t_0 = 9$, low at noon[^low].

</details>

$$
e = mc^2
$$

[^low]: Give or take ==ten== minutes.

    So says the <mark data-color=\"green\">almanac</mark>, H<sub>2</sub>O.

![the harbour|320](sheaf://file/{hash} \"At dawn\")

[timetable.pdf](sheaf://file/{hash})

As [@Ada](sheaf://person/0190a1b2-0000-7000-8000-000000000001) wrote in [Plans](sheaf://document/0190a1b2-0000-7000-8000-000000000002).
"
    );
    let blocks = read(&page);
    let all = format!("{blocks:?}");
    assert!(
        !all.contains("source") && !all.contains("codeBlock"),
        "all of it has a place in the tree: {all}"
    );
    let names: Vec<_> = blocks
        .iter()
        .map(|block| match block {
            Node::Element(element) => element.name.as_str(),
            Node::Text(_) => "text",
        })
        .collect();
    assert_eq!(
        names,
        ["contents", "callout", "toggle", "mathBlock", "footnote", "figure", "attachment", "paragraph"]
    );
    assert_eq!(write(&blocks), page, "and is written as it was read");
}

#[test]
fn an_alert_with_a_title_of_its_own_keeps_it() {
    let blocks = read("> [!WARNING] Mind the gap\n> And the doors.");
    let wanted = Element::new("callout").with("kind", "warning").containing([
        element("paragraph", [marked("Mind the gap", &["bold"])]),
        element("paragraph", [text("And the doors.")]),
    ]);
    assert_eq!(blocks, [Node::from(wanted)], "as its first line, in bold");
    assert_eq!(read(&write(&blocks)), blocks, "and it stays so");
}

#[test]
fn toggles_stand_in_each_other_and_in_lists() {
    let page = "\
- one

  <details>
  <summary>two</summary>

  three

  <details>
  <summary></summary>

  four

  </details>

  </details>
";
    let blocks = read(page);
    assert_eq!(format!("{blocks:?}").matches("\"toggleTitle\"").count(), 2, "{blocks:?}");
    assert_eq!(write(&blocks), page, "and are written as they were read");
}

#[test]
fn a_formula_that_dollars_cannot_hold_stands_in_a_fence() {
    for lines in ["a\n\nb", "$$", "- x", "  x"] {
        let blocks = vec![element("mathBlock", [text(lines)])];
        let written = write(&blocks);
        assert!(written.starts_with("```math\n"), "as other tools have it: {written}");
        assert_eq!(read(&written), blocks, "{lines:?} comes back");
    }
}
