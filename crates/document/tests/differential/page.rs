//! One yrs document that edits at random, as `tests/yjs/lib/edits.mjs` does on the other side.

use std::sync::Arc;

use serde_json::{Value, json};
use sheaf_document::document::{BODY, META, TITLE};
use sheaf_document::tree::Node;
use yrs::types::text::YChange;
use yrs::types::{Attrs, ToJson as _};
use yrs::updates::decoder::Decode;
use yrs::{
    Any, ArrayPrelim, Doc, GetString, Map, MapPrelim, MapRef, OffsetKind, Options, Out, ReadTxn, StateVector,
    Text, Transact, TransactionMut, Update, Xml, XmlElementPrelim, XmlElementRef, XmlFragment,
    XmlFragmentRef, XmlOut, XmlTextPrelim,
};

use crate::luck::Luck;
use crate::peer::standing;
use crate::read;

const WORDS: &[&str] = &["a", "to", "sheaf", "Ünïcode", "😀", "👩‍👩‍👧", "e\u{301}", "line\n", " ", "𝒳y"];
const BLOCKS: &[&str] = &["paragraph", "heading", "blockquote", "bulletList", "listItem", "codeBlock"];

/// A document and what it wrote and has not yet handed over.
pub struct Page {
    doc: Doc,
    written: Vec<Vec<u8>>,
}

impl Page {
    /// Makes an empty document with the options of the product.
    pub fn new(client: u64, gc: bool) -> Self {
        let doc = Doc::with_options(Options {
            client_id: yrs::block::ClientID::new(client),
            offset_kind: OffsetKind::Utf16,
            skip_gc: !gc,
            cleanup_formatting: false,
            ..Options::default()
        });
        doc.get_or_insert_xml_fragment(BODY);
        doc.get_or_insert_text(TITLE);
        doc.get_or_insert_map(META);
        Self { doc, written: Vec::new() }
    }

    /// Makes one random edit, of marks only where asked to, and returns it as the peer's `perform` takes it: an XML node by its place in document order.
    pub fn edit(&mut self, luck: &mut Luck, marks: bool) -> Value {
        let body = self.doc.get_or_insert_xml_fragment(BODY);
        let title = self.doc.get_or_insert_text(TITLE);
        let meta = self.doc.get_or_insert_map(META);
        let mut txn = self.doc.transact_mut();
        let nodes: Vec<(usize, XmlOut)> = body.successors(&txn).enumerate().collect();
        let texts: Vec<_> =
            nodes.iter().cloned().filter_map(|(at, it)| Some((at, it.into_xml_text()?))).collect();
        let elements: Vec<_> = nodes
            .into_iter()
            .filter_map(|(at, it)| Some((at, it.into_xml_element()?)))
            .filter(|(_, it)| depth(it) < 6)
            .collect();
        let element = (!elements.is_empty()).then(|| luck.pick(&elements));
        let (of, what) = match luck.below(20) {
            kind @ 0..11 if !texts.is_empty() => {
                let (at, text) = luck.pick(&texts);
                let act = if kind < 9 || !marks { write } else { mark };
                (json!(at), act(&mut txn, &text, luck))
            }
            0..15 => match element {
                Some((at, element)) if !luck.once(elements.len() + 1) => {
                    (json!(at), build(&mut txn, &element, true, luck))
                }
                _ => (json!(BODY), build(&mut txn, &body, false, luck)),
            },
            15 => match element {
                Some((at, element)) => (json!(at), remove(&mut txn, &element, luck)),
                None => (json!(BODY), remove(&mut txn, &body, luck)),
            },
            16 => match element {
                Some((at, element)) => (json!(at), attribute(&mut txn, &element, luck)),
                None => (json!(BODY), json!({})),
            },
            17 => (json!(TITLE), write(&mut txn, &title, luck)),
            _ => (json!(META), put(&mut txn, &meta, luck)),
        };
        txn.commit();
        if txn.has_changes() {
            self.written.push(txn.encode_update_v1());
        }
        json!({ "of": of, "what": what })
    }

    /// Applies what others wrote.
    pub fn take(&mut self, updates: &[Vec<u8>]) {
        for update in updates {
            let update = Update::decode_v1(update).expect("it was admitted");
            self.doc.transact_mut().apply_update(update).expect("it was admitted");
        }
    }

    /// Returns what was written since last asked: row by row, or as one diff against what the others have.
    pub fn flush(&mut self, as_diff: bool, known: &StateVector) -> Vec<Vec<u8>> {
        let rows = std::mem::take(&mut self.written);
        if as_diff && !rows.is_empty() { vec![self.doc.transact().encode_diff_v1(known)] } else { rows }
    }

    /// Returns the state vector.
    pub fn state_vector(&self) -> StateVector {
        self.doc.transact().state_vector()
    }

    /// Returns the whole document as yrs encodes it.
    pub fn state(&self) -> Vec<u8> {
        self.doc.transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// Says what the document holds, in the words of the peer's `read`.
    pub fn reading(&self) -> Value {
        let body = self.doc.get_or_insert_xml_fragment(BODY);
        let title = self.doc.get_or_insert_text(TITLE);
        let meta = self.doc.get_or_insert_map(META);
        let txn = self.doc.transact();
        let (clocks, deleted) = standing(&txn);
        json!({
            "title": title.get_string(&txn),
            "tree": read::tree(&txn, &body).children.iter().map(as_json).collect::<Vec<_>>(),
            "meta": read::json(&meta.to_json(&txn)),
            "stateVector": clocks,
            "deleteSet": deleted,
        })
    }
}

fn as_json(node: &Node) -> Value {
    match node {
        Node::Text(span) => json!({ "text": span.text, "marks": span.marks }),
        Node::Element(element) => json!({
            "name": element.name,
            "attributes": element.attributes,
            "children": element.children.iter().map(as_json).collect::<Vec<_>>(),
        }),
    }
}

/// Where a caret can stand: between characters, never inside a surrogate pair.
fn edges<T: Text>(txn: &TransactionMut<'_>, text: &T) -> Vec<u32> {
    let mut edges = vec![0];
    for run in text.diff(txn, YChange::identity) {
        let Out::Any(Any::String(letters)) = run.insert else { panic!("nothing here embeds") };
        for letter in letters.chars() {
            edges.push(edges[edges.len() - 1] + letter.len_utf16() as u32);
        }
    }
    edges
}

fn write<T: Text>(txn: &mut TransactionMut<'_>, text: &T, luck: &mut Luck) -> Value {
    let edges = edges(txn, text);
    let at = luck.below(edges.len());
    if luck.once(3) && at + 1 < edges.len() {
        let end = (at + 1 + luck.below(5)).min(edges.len() - 1);
        let (at, len) = (edges[at], edges[end] - edges[at]);
        text.remove_range(txn, at, len);
        return json!({ "delete": len, "at": at });
    }
    let word = luck.pick(WORDS);
    text.insert(txn, edges[at], word);
    json!({ "insert": word, "at": edges[at] })
}

fn mark<T: Text>(txn: &mut TransactionMut<'_>, text: &T, luck: &mut Luck) -> Value {
    let edges = edges(txn, text);
    if edges.len() < 2 {
        return json!({});
    }
    let at = luck.below(edges.len() - 1);
    let end = at + 1 + luck.below(edges.len() - 1 - at);
    let link = json!({ "href": "https://example.org" });
    let marks = [
        ("bold", json!({})),
        ("italic", json!({})),
        ("bold", Value::Null),
        ("link", link),
        ("link", Value::Null),
        ("code", json!({})),
    ];
    let (name, value) = luck.pick(&marks);
    let (at, len) = (edges[at], edges[end] - edges[at]);
    text.format(txn, at, len, Attrs::from([(Arc::from(name), any(&value))]));
    json!({ "mark": { name: value }, "at": at, "length": len })
}

fn build<F: XmlFragment>(txn: &mut TransactionMut<'_>, parent: &F, texts: bool, luck: &mut Luck) -> Value {
    let at = luck.below(parent.len(txn) as usize + 1) as u32;
    if texts && luck.once(3) {
        let word = luck.pick(WORDS);
        parent.insert(txn, at, XmlTextPrelim::new(word));
        return json!({ "text": word, "at": at });
    }
    let (word, block) = (luck.once(2).then(|| luck.pick(WORDS)), luck.pick(BLOCKS));
    let text = word.map(|word| XmlTextPrelim::new(word).into());
    parent.insert(txn, at, XmlElementPrelim::new(block, text));
    json!({ "element": block, "with": word, "at": at })
}

fn remove<F: XmlFragment>(txn: &mut TransactionMut<'_>, parent: &F, luck: &mut Luck) -> Value {
    if parent.len(txn) == 0 {
        return json!({});
    }
    let at = luck.below(parent.len(txn) as usize) as u32;
    parent.remove_range(txn, at, 1);
    json!({ "delete": 1, "at": at })
}

fn attribute(txn: &mut TransactionMut<'_>, element: &XmlElementRef, luck: &mut Luck) -> Value {
    let key = luck.pick(&["level", "start", "checked"]);
    if luck.once(4) {
        element.remove_attribute(txn, &key);
        return json!({ "unset": key });
    }
    let value = value(luck);
    element.insert_attribute(txn, key, any(&value));
    json!({ "set": key, "value": value })
}

fn put(txn: &mut TransactionMut<'_>, meta: &MapRef, luck: &mut Luck) -> Value {
    let key = luck.pick(&["a", "b", "c"]);
    match luck.below(12) {
        0..3 => {
            meta.remove(txn, key);
            json!({ "unset": key })
        }
        3 => {
            meta.insert(txn, key, MapPrelim::from([("x", 1)]));
            json!({ "set": key, "map": { "x": 1 } })
        }
        4 => {
            meta.insert(txn, key, ArrayPrelim::from([1, 2]));
            json!({ "set": key, "array": [1, 2] })
        }
        _ => {
            let value = value(luck);
            meta.insert(txn, key, any(&value));
            json!({ "set": key, "value": value })
        }
    }
}

fn value(luck: &mut Luck) -> Value {
    let values =
        ["null", "true", "0", "7", "-3", "1.5", "\"text\"", "[1,\"two\",null]", "{\"deep\":{\"er\":[]}}"];
    serde_json::from_str(luck.pick(&values)).expect("it is JSON")
}

fn any(value: &Value) -> Any {
    Any::from_json(&value.to_string()).expect("it is JSON")
}

fn depth(element: &XmlElementRef) -> usize {
    std::iter::successors(element.parent(), |parent| match parent {
        XmlOut::Element(element) => element.parent(),
        XmlOut::Text(text) => text.parent(),
        XmlOut::Fragment(fragment) => XmlFragmentRef::parent(fragment),
    })
    .count()
}
