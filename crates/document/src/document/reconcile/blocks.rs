//! Merging the blocks below a parent.

use std::collections::BTreeSet;

use yrs::{TransactionMut, XmlElementRef, XmlFragment, XmlOut};

use super::steps::{Step, steps};
use super::{align, inline, write};
use crate::document::read;
use crate::gate;
use crate::markdown::normal;
use crate::schema;
use crate::tree::{Element, Node};

/// Brings what changed between the base's blocks and the file's into these. The validator bounds how deep types nest.
pub(super) fn children(
    txn: &mut TransactionMut<'_>,
    parent: &impl XmlFragment,
    base: &[Node],
    file: &[Node],
) {
    let handles: Vec<XmlOut> = parent.children(txn).collect();
    let here: Vec<Node> = handles.iter().map(|child| node(txn, child)).collect();
    let (to_file, mut to_here) = (align::blocks(base, file), align::blocks(base, &here));
    align::through(&to_file, &align::blocks(file, &here), &mut to_here);
    // From the end, so that nothing moves what is still to come.
    for step in steps(&to_file, file.len(), &to_here, here.len()).into_iter().rev() {
        match step {
            Step::Both { base: old, file: new, here: at } => {
                let (Some(old), Some(new), Some(now)) = (base.get(old), file.get(new), here.get(at)) else {
                    continue;
                };
                if old == new || now == new {
                    continue;
                }
                match (old, new, now, handles.get(at)) {
                    (
                        Node::Element(old),
                        Node::Element(new),
                        Node::Element(now),
                        Some(XmlOut::Element(handle)),
                    ) if !is_strange(now) => {
                        element(txn, handle, old, new, now);
                    }
                    // What is not known is not touched, so what the file has of it stands behind it.
                    _ if here.get(at + 1) == Some(new) => {}
                    _ => write::nodes(txn, parent, at as u32 + 1, std::slice::from_ref(new)),
                }
            }
            Step::Gone { base: old, here: at } => {
                let is_as_it_was = base.get(old) == here.get(at);
                let is_ours = matches!(here.get(at), Some(Node::Element(now)) if !is_strange(now));
                if is_as_it_was && is_ours {
                    parent.remove_range(txn, at as u32, 1);
                }
            }
            Step::Missing { base: old, file: new, at } => {
                if base.get(old) != file.get(new)
                    && let Some(new) = file.get(new)
                {
                    write::nodes(txn, parent, at as u32, std::slice::from_ref(new));
                }
            }
            Step::New { at, beside, file: new } => {
                let (new, beside) = (file.get(new).unwrap_or_default(), here.get(beside).unwrap_or_default());
                if !beside.windows(new.len()).any(|window| window == new) {
                    write::nodes(txn, parent, at as u32, new);
                }
            }
        }
    }
}

fn element(
    txn: &mut TransactionMut<'_>,
    handle: &XmlElementRef,
    base: &Element,
    file: &Element,
    here: &Element,
) {
    let keys: BTreeSet<&String> = base.attributes.keys().chain(file.attributes.keys()).collect();
    for key in keys {
        let new = file.attributes.get(key);
        if base.attributes.get(key) != new && here.attributes.get(key) != new {
            write::attribute(txn, handle, key, new);
        }
    }
    match schema::node(&here.name) {
        Some(kind) if kind.content.is_inline() => {
            inline::children(txn, handle, &base.children, &file.children)
        }
        _ => children(txn, handle, &base.children, &file.children),
    }
}

/// Returns a child as the base and the file have it.
fn node(txn: &TransactionMut<'_>, child: &XmlOut) -> Node {
    let mut nodes = Vec::new();
    read::node(txn, child.clone(), &mut nodes);
    // A child that is no block, or none that reads as one, is like nothing else.
    let is_one = matches!((child, nodes.as_slice()), (XmlOut::Element(_), [Node::Element(_)]));
    let one = is_one.then(|| normal(nodes).pop()).flatten();
    one.unwrap_or_else(|| Node::Element(Element::new(String::new())))
}

/// Says whether there is something in a block that the schema does not know.
fn is_strange(element: &Element) -> bool {
    let found = gate::of_tree(element);
    !found.unknown().is_empty() && !found.is_only_incomplete()
}
