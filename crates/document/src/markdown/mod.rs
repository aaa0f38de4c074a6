//! Markdown in and out: CommonMark with tables, tasks, strikethrough, highlights, autolinks, footnotes, maths, alerts,
//! folded details and front matter.
//!
//! The one idea: **nothing is believed that has not been read back.** [`write`] proposes the prettiest form first
//! and takes a plainer one only where reading the proposal does not give the same tree. So reading is the only place
//! that decides what Markdown means, and `read(write(tree)) == normal(tree)` holds by construction.
//!
//! What the tree cannot say (HTML, definitions) becomes a `source` block with the original lines.
//! What Markdown cannot say (unknown nodes, joined cells) becomes a fenced block named `sheaf`, see [`seal`].
//! Not here: which names a schema allows, and how a tree enters a Yjs document.

mod address;
mod href;
mod normal;
mod read;
mod seal;
mod title;
mod write;

#[cfg(test)]
mod tests;

pub use normal::normal;
pub use title::{Parsed, read_document, write_document};

use crate::tree::{Element, Node};
use write::{Style, join};

/// Containers nested deeper than this are read as `source` and written sealed, so that no input exhausts the stack.
const DEEPEST: usize = 32;

/// Reads Markdown into blocks, in [`normal`] form. Every text is Markdown, so this cannot fail.
pub fn read(markdown: &str) -> Vec<Node> {
    normal(read::blocks(markdown))
}

/// Writes blocks as Markdown that [`read`] turns into the same blocks (in [`normal`] form).
///
/// The one exception are links and images with an unsafe scheme and trees nested deeper than 96: those are written
/// too, with all their text, but read back as a code block.
pub fn write(blocks: &[Node]) -> String {
    let blocks = normal(blocks.to_vec());
    let light = join(&blocks, |block, twin| write::block(block, Style::Light, twin));
    let back = read(&light);
    if back == blocks {
        return light;
    }
    let alike_at_start = back.iter().zip(&blocks).take_while(|(is, wanted)| is == wanted).count();
    let alike_at_end =
        back.iter().rev().zip(blocks.iter().rev()).take_while(|(is, wanted)| is == wanted).count();
    let mut places = 0..blocks.len();
    let careful = join(&blocks, |block, twin| {
        let place = places.next().unwrap_or_default();
        if place < alike_at_start || place + alike_at_end >= blocks.len() {
            return write::block(block, Style::Light, twin);
        }
        let before = if place == 0 { "" } else { "before\n\n" };
        [Style::Light, Style::Strict]
            .map(|style| write::block(block, style, twin))
            .into_iter()
            .find(|text| stands_alone(before, text, block))
            .unwrap_or_else(|| seal::seal(block))
    });
    if read(&careful) == blocks {
        return careful;
    }
    join(&blocks, |block, _| seal::seal(block))
}

/// Says whether a block's text reads back as this block and leaves its neighbours alone.
fn stands_alone(before: &str, text: &str, block: &Node) -> bool {
    let paragraph = |text| Node::from(Element::new("paragraph").containing([Node::text(text)]));
    let mut wanted = vec![block.clone(), paragraph("after")];
    if !before.is_empty() {
        wanted.insert(0, paragraph("before"));
    }
    read(&format!("{before}{text}\n\nafter")) == wanted
}
