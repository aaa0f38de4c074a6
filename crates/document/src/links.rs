//! Which documents a text mentions: the ways from one to another, whatever they are called there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ids::DocumentId;
use crate::tree::{Element, Node};

/// Returns the documents that are mentioned under this element, once each. What names none that can be is no link.
pub fn documents(element: &Element) -> BTreeSet<DocumentId> {
    let mut found = BTreeSet::new();
    collect(element, &mut found);
    found
}

fn collect(element: &Element, found: &mut BTreeSet<DocumentId>) {
    if element.name == "mention" {
        let named = |key: &str| element.attributes.get(key).and_then(Value::as_str);
        if named("kind").is_none_or(|kind| kind == "document") {
            found.extend(named("id").and_then(|id| id.parse::<DocumentId>().ok()));
        }
    }
    for child in &element.children {
        if let Node::Element(child) = child {
            collect(child, found);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_of_documents_count_wherever_they_stand_and_once() {
        let (ferry, crew) = (DocumentId::from_bytes([7; 16]), DocumentId::from_bytes([8; 16]));
        let mention = |kind: &str, id: &str| -> Node {
            Element::new("mention").with("kind", kind).with("id", id).with("label", "Ferry").into()
        };
        let deep = Element::new("listItem").containing([Element::new("paragraph")
            .containing([Node::text("see "), mention("document", &crew.to_string())])
            .into()]);
        // Every attribute at its default may be absent, and a document is what is mentioned by default.
        let plain: Node = Element::new("mention").with("id", ferry.to_string()).into();
        let text = Element::new("doc").containing([
            Element::new("paragraph").containing([plain, mention("document", &ferry.to_string())]).into(),
            Element::new("bulletList").containing([deep.into()]).into(),
            Element::new("paragraph")
                .containing([
                    mention("person", &DocumentId::from_bytes([9; 16]).to_string()),
                    mention("document", "tea"),
                ])
                .into(),
        ]);
        assert_eq!(documents(&text), BTreeSet::from([ferry, crew]), "a person is no document, nor is tea");
    }
}
