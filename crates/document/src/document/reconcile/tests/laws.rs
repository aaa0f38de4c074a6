//! The laws of merging, for chance to try to break: `SHEAF_SEED` and `SHEAF_ROUNDS` replay and extend.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::chance::{Chance, setting};
use crate::gate;
use crate::tree::Span;

/// Makes pages, and other pages of them; every word that it writes is new.
struct Author<'c> {
    chance: &'c mut Chance,
    name: &'static str,
    words: usize,
}

impl Author<'_> {
    fn word(&mut self) -> String {
        self.words += 1;
        format!("{}{}", self.name, self.words)
    }

    fn marks(&mut self) -> BTreeMap<String, Value> {
        let marks = match self.chance.below(8) {
            0 => json!({ "bold": {} }),
            1 => json!({ "italic": {}, "strike": {} }),
            2 => json!({ "link": { "href": format!("https://{}.org", self.word()) } }),
            _ => json!({}),
        };
        serde_json::from_value(marks).unwrap()
    }

    fn line(&mut self) -> Vec<Node> {
        let mut line = Vec::new();
        for _ in 0..1 + self.chance.below(4) {
            let (text, marks) = (format!("{} ", self.word()), self.marks());
            line.push(Node::Text(Span { text, marks }));
            if self.chance.below(6) == 0 {
                line.push(Element::new("hardBreak").into());
            }
        }
        line
    }

    fn block(&mut self, depth: usize) -> Node {
        let paragraph = |author: &mut Self| Node::from(Element::new("paragraph").containing(author.line()));
        let some = 1 + self.chance.below(3);
        let element = match self.chance.below(if depth < 2 { 10 } else { 6 }) {
            0 => Element::new("heading").with("level", 2 + self.chance.below(3)).containing(self.line()),
            1 => Element::new("codeBlock").containing([Node::text(format!(
                "{}\n{}",
                self.word(),
                self.word()
            ))]),
            2 => Element::new("figure").with("alt", self.word()).with("file", "ab".repeat(32)),
            6 => Element::new("blockquote")
                .containing((0..some).map(|_| self.block(depth + 1)).collect::<Vec<_>>()),
            kind @ 7..=8 => {
                let (list, item) =
                    if kind == 7 { ("bulletList", "listItem") } else { ("taskList", "taskItem") };
                Element::new(list).containing(
                    (0..some)
                        .map(|_| Element::new(item).containing([paragraph(self)]).into())
                        .collect::<Vec<_>>(),
                )
            }
            9 => Element::new("table").containing(
                (0..some)
                    .map(|_| {
                        let cells =
                            (0..2).map(|_| Element::new("tableCell").containing([paragraph(self)]).into());
                        Element::new("tableRow").containing(cells.collect::<Vec<_>>()).into()
                    })
                    .collect::<Vec<_>>(),
            ),
            _ => return paragraph(self),
        };
        element.into()
    }

    fn page(&mut self) -> Parsed {
        let blocks = (0..1 + self.chance.below(8)).map(|_| self.block(0)).collect();
        Parsed { title: Some(self.word()), blocks: normal(blocks) }
    }

    /// Makes a few changes here and there.
    fn revise(&mut self, page: &Parsed) -> Parsed {
        let mut root = Element::new("doc").containing(page.blocks.clone());
        for _ in 0..1 + self.chance.below(5) {
            self.change(&mut root, 0);
        }
        let title = match self.chance.below(4) {
            0 => page.title.clone().map(|title| format!("{} {title}", self.word())),
            _ => page.title.clone(),
        };
        Parsed { title, blocks: normal(root.children) }
    }

    fn change(&mut self, parent: &mut Element, depth: usize) {
        let at = self.chance.below(parent.children.len());
        let is_line = parent.children.is_empty() || schema_of(parent).content.is_inline();
        if is_line {
            return self.rewrite(parent, at);
        }
        match self.chance.below(6) {
            0 if depth == 0 => parent.children.insert(at, self.block(0)),
            1 if parent.children.len() > 1 && parent.name != "tableRow" => drop(parent.children.remove(at)),
            2 if depth == 0 => parent.children.rotate_left(at),
            _ => {
                if let Node::Element(child) = &mut parent.children[at] {
                    self.change(child, depth + 1);
                }
            }
        }
    }

    fn rewrite(&mut self, line: &mut Element, at: usize) {
        match self.chance.below(7) {
            0 if line.name == "heading" => *line = line.clone().with("level", 2 + self.chance.below(3)),
            1 if line.children.len() > 1 => drop(line.children.remove(at)),
            2 if schema_of(line).marks && !line.children.is_empty() => {
                let marks = self.marks();
                if let Node::Text(span) = &mut line.children[at] {
                    span.marks = marks;
                }
            }
            3 if line.name == "paragraph" => line.children.insert(at, Element::new("hardBreak").into()),
            _ => {
                let word = self.word();
                if let Some(Node::Text(span)) = line.children.get_mut(at) {
                    let half = span.text.floor_char_boundary(self.chance.below(span.text.len()));
                    span.text.insert_str(half, &format!(" {word} "));
                }
            }
        }
    }
}

fn schema_of(element: &Element) -> &'static crate::schema::NodeKind {
    crate::schema::node(&element.name).unwrap()
}

/// Everything that a person reads, with what only attributes say.
fn words(document: &Document) -> String {
    format!("{} {:?}", document.title(), document.tree()).replace('\\', " ")
}

fn made_of(page: &Parsed) -> Vec<u8> {
    Document::new(1).reconcile(&Parsed::default(), page)
}

fn rounds(each: impl Fn(&mut Chance)) {
    let (seed, rounds) = (setting("SHEAF_SEED").unwrap_or(1), setting("SHEAF_ROUNDS").unwrap_or(400));
    for seed in seed..seed + rounds {
        println!("SHEAF_SEED={seed}");
        each(&mut Chance::new(seed));
    }
}

#[test]
fn where_nobody_else_wrote_the_document_becomes_the_file() {
    rounds(|chance| {
        let mut imke = Author { chance, name: "i", words: 0 };
        let base = imke.page();
        let file = imke.revise(&base);
        let begun = made_of(&base);
        let mut document = with(2, [&begun]);
        assert_eq!(normal(document.tree().children), base.blocks, "what is written is read back");
        let update = document.reconcile(&base, &file);
        assert_eq!(normal(document.tree().children), file.blocks, "all of the file, and nothing else");
        assert_eq!(Some(document.title()), file.title);
        let reader = with(3, [&begun, &update]);
        assert_eq!(reader.tree(), document.tree(), "and so has everyone else");
        assert_eq!(document.reconcile(&base, &file), [0, 0], "a merge that is repeated changes nothing");
        let both = document.reconcile(&file, &base);
        assert_eq!(normal(document.tree().children), base.blocks, "and back again");
        assert_eq!(with(4, [&begun, &update, &both]).tree(), document.tree());
    });
}

#[test]
fn no_word_of_either_side_is_lost() {
    rounds(|chance| {
        let base = Author { chance, name: "b", words: 0 }.page();
        let file = Author { chance, name: "i", words: 0 }.revise(&base);
        let theirs = Author { chance, name: "t", words: 0 }.revise(&base);
        let begun = made_of(&base);
        let his = with(2, [&begun]).reconcile(&base, &theirs);
        let mut document = with(3, [&begun, &his]);
        let hers = document.reconcile(&base, &file);
        let [now, imkes, tomases] =
            [words(&document), words(&with(4, [&made_of(&file)])), words(&with(5, [&made_of(&theirs)]))];
        let all = with(6, [&begun, &his, &hers]);
        assert_eq!(all.tree(), document.tree());
        assert_eq!(gate::inspect(&document).unknown(), [], "it opens for editing");
        for (name, theirs) in [("i", &imkes), ("t", &tomases)] {
            for number in 1..40 {
                let word = format!("{name}{number} ");
                let was = theirs.matches(&word).count();
                assert!(was == 0 || now.contains(&word), "{word}was written and is not there: {now}");
            }
        }
    });
}
