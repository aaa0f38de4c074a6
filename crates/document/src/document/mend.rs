//! Completes what a file and people who edited at the same time left incomplete: a list whose items they deleted one each.
//! Between people nobody needs it, for our editor shows what is incomplete as it is and writes nothing; a file has no such view.
//!
//! What is empty and must not be goes, for it holds no letter, and two devices that take it out at the same time did the
//! same. A table's cell keeps its place, and an item whose first paragraph went keeps what else it has: both get an empty
//! paragraph (or two, from two devices, which is no harm). The stock binding would rather delete an item with all its text.

use yrs::{TransactionMut, XmlElementPrelim, XmlFragment, XmlFragmentRef, XmlOut};

use super::read;
use crate::gate::{self, Lack};
use crate::schema;

const PARAGRAPH: &str = "paragraph";
/// What has its place among its neighbours, also when it is empty.
const CELLS: [&str; 2] = ["tableCell", "tableHeader"];

/// Completes a document in which nothing else is wrong. No letter is touched.
pub(super) fn document(txn: &mut TransactionMut<'_>, body: &XmlFragmentRef) {
    if gate::of_tree(&read::tree(txn, body)).is_only_incomplete() {
        children(txn, body);
    }
}

/// Completes everything below a parent, the innermost first. The validator bounds how deep types nest.
fn children(txn: &mut TransactionMut<'_>, parent: &impl XmlFragment) {
    let found: Vec<XmlOut> = parent.children(txn).collect();
    // From the end, so that what is taken out moves nothing that is still to come.
    let mut at = parent.len(txn);
    for child in found.iter().rev() {
        at -= 1;
        let XmlOut::Element(child) = child else { continue };
        children(txn, child);
        let Some(kind) = schema::node(child.tag()) else { continue };
        match gate::lack(kind, &read::element(txn, child).children) {
            Some(Lack::Children) if CELLS.contains(&kind.name) => lead(txn, child, PARAGRAPH),
            Some(Lack::Children) => parent.remove_range(txn, at, 1),
            Some(Lack::Leader(leader)) => lead(txn, child, leader),
            None => {}
        }
    }
}

fn lead(txn: &mut TransactionMut<'_>, parent: &impl XmlFragment, leader: &str) {
    parent.insert(txn, 0, XmlElementPrelim::empty(leader));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::tree::{Element, Node};
    use crate::update::{DocState, Limits};

    fn doc(client: u64, updates: &[&[u8]]) -> Document {
        let mut document = Document::new(client);
        let mut state = DocState::new([7; 16]);
        for update in updates {
            document.apply(&state.admit(update, &Limits::BULK).expect("it is sound")).unwrap();
        }
        document
    }

    /// Completes a document, and returns the update; nothing where nothing is written.
    fn mended(document: &mut Document) -> Option<Vec<u8>> {
        let (body, before) = (document.body.clone(), document.tree());
        let update = document.edit(|txn| super::document(txn, &body));
        (before != document.tree()).then_some(update)
    }

    fn element(name: &str, children: impl IntoIterator<Item = Element>) -> Element {
        Element::new(name).containing(children.into_iter().map(Node::from))
    }

    fn paragraph(words: &str) -> Element {
        Element::new("paragraph").containing([Node::text(words)])
    }

    /// A person deletes this child of a block, or of what is first in it, and so on.
    fn delete(document: &mut Document, depth: usize, at: u32) -> Vec<u8> {
        let body = document.body.clone();
        document.edit(|txn| {
            let mut parent = body.get(txn, 0).and_then(XmlOut::into_xml_element).unwrap();
            for _ in 1..depth {
                parent = parent.get(txn, 0).and_then(XmlOut::into_xml_element).unwrap();
            }
            parent.remove_range(txn, at, 1);
        })
    }

    /// Imke and Tomás each delete one child of the same block; both devices mend what comes of it at the same time.
    /// Returns what everyone holds then.
    fn together(block: Element, depth: usize) -> Document {
        let begun = Document::new(1).append(&[block.into()]);
        let imkes = delete(&mut doc(2, &[&begun]), depth, 0);
        let tomases = delete(&mut doc(3, &[&begun]), depth, 1);
        let mut one = doc(4, &[&begun, &imkes, &tomases]);
        let mut other = doc(5, &[&begun, &tomases, &imkes]);
        assert!(!gate::inspect(&one).unknown().is_empty(), "the editor would delete it, or more");
        let (left, right) = (mended(&mut one), mended(&mut other));
        let (left, right) = (left.expect("it can be mended"), right.expect("on both devices"));
        for both in [[&left, &right], [&right, &left]] {
            let all = doc(6, &[&begun, &imkes, &tomases, both[0], both[1]]);
            assert_eq!(gate::inspect(&all).unknown(), [], "mended twice, it opens: {:?}", all.tree());
        }
        doc(7, &[&begun, &imkes, &tomases, &left, &right])
    }

    #[test]
    fn a_list_whose_items_two_people_deleted_one_each_is_gone() {
        for (list, item) in
            [("bulletList", "listItem"), ("orderedList", "listItem"), ("taskList", "taskItem")]
        {
            let items = ["milk", "bread"].map(|words| element(item, [paragraph(words)]));
            assert_eq!(
                together(element(list, items), 1).tree().children,
                [],
                "{list}: nothing was left in it"
            );
        }
        let quote = element("blockquote", [paragraph("to be"), paragraph("or not")]);
        assert_eq!(
            together(element("blockquote", [quote]), 2).tree().children,
            [],
            "nor in a quote in a quote"
        );
    }

    #[test]
    fn an_item_keeps_its_text_when_its_first_paragraph_went() {
        let quote = element("blockquote", [paragraph("kept")]);
        let item = element("listItem", [paragraph("one"), paragraph("two"), quote]);
        let mended = together(element("bulletList", [item]), 2);
        assert!(mended.text().contains("kept"), "the stock binding would delete it with its item");
    }

    #[test]
    fn a_cell_keeps_its_place_in_the_row() {
        let cell = |words: [&str; 2]| element("tableCell", words.map(paragraph));
        let row = element("tableRow", [cell(["left", "side"]), cell(["right", "side"])]);
        let mended = together(element("table", [row]), 3);
        assert_eq!(mended.text().trim(), "right\nside", "the other cell is as it was");
        let tree = format!("{:?}", mended.tree());
        assert_eq!(tree.matches("tableCell").count(), 2, "and still the second of two: {tree}");
    }

    #[test]
    fn what_is_whole_or_beyond_mending_is_left_alone() {
        let with = |blocks: &[Node]| doc(2, &[&Document::new(1).append(blocks)]);
        assert_eq!(
            mended(&mut with(&[paragraph("whole").into()])),
            None,
            "nothing is written into a whole document"
        );
        let list = Element::new("bulletList");
        assert!(mended(&mut with(&[list.clone().into()])).is_some());
        let strange = Element::new("hologram");
        assert_eq!(
            mended(&mut with(&[list.into(), strange.into()])),
            None,
            "a later version will know what to do"
        );
    }
}
