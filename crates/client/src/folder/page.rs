//! A document as one file: where its title stands, and what is left of it.
//!
//! A title is said in one of three ways, and a file goes on saying it in its own: in front matter, as the first heading, or by
//! the file's name alone.

use sheaf_document::markdown::{self, Parsed, read_document, write_document};
use sheaf_document::tree::Node;

use super::{front, names};

/// A file taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The document's title.
    pub title: String,
    /// Where it stands.
    pub titled: Titled,
    /// Everything else, front matter first.
    pub blocks: Vec<Node>,
}

/// Where a file says its title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Titled {
    /// In its front matter, behind `title:`.
    Front,
    /// As its first heading.
    Heading,
    /// In its name.
    Name,
}

impl Page {
    /// Reads a file of this name (without its ending).
    pub fn read(markdown: &str, stem: &str) -> Self {
        let Parsed { title, blocks } = read_document(markdown);
        if let Some(title) = front::of(&blocks).and_then(front::title) {
            // The heading is another thing then.
            return Self { title, titled: Titled::Front, blocks: markdown::read(markdown) };
        }
        match title {
            Some(title) => Self { title, titled: Titled::Heading, blocks },
            None => Self { title: names::title(stem), titled: Titled::Name, blocks },
        }
    }

    /// Writes a file of this name (without its ending) that [`Page::read`] takes apart into the same, but that a title which
    /// cannot be said by the name is said in a heading. A document that holds nothing is an empty file.
    pub fn write(&self, stem: &str) -> String {
        let blocks = if is_empty(&self.blocks) { &[] } else { self.blocks.as_slice() };
        if let Some(front) = front::of(blocks)
            && front::title(front).is_some()
            && !self.title.is_empty()
        {
            return markdown::write(&front::replaced(blocks, front::with_title(front, &self.title)));
        }
        let title = Some(self.title.as_str()).filter(|title| !title.is_empty());
        let plain = markdown::write(blocks);
        let is_named = self.titled == Titled::Name && names::title(stem) == self.title;
        if is_named && read_document(&plain).title.is_none() && !plain.starts_with("# ") {
            return plain;
        }
        write_document(title, blocks)
    }
}

/// Says whether blocks hold nothing: a new document has one empty paragraph.
pub fn is_empty(blocks: &[Node]) -> bool {
    match blocks {
        [] => true,
        [Node::Element(only)] => only.name == "paragraph" && only.children.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a file and writes it again.
    fn again(text: &str, stem: &str) -> String {
        Page::read(text, stem).write(stem)
    }

    #[test]
    fn a_file_says_its_title_where_it_said_it_before() {
        for (text, title, titled) in [
            ("# Night shift\n\nQuiet.\n", "Night shift", Titled::Heading),
            ("Quiet.\n", "log", Titled::Name),
            ("---\ntitle: Night\ntags: [a]\n---\n\n# Quiet\n\nAll quiet.\n", "Night", Titled::Front),
            ("---\ntags: [a]\n---\n\n# Night\n\nAll quiet.\n", "Night", Titled::Heading),
            ("---\ntags: [a]\n---\n\nAll quiet.\n", "log", Titled::Name),
            ("", "log", Titled::Name),
        ] {
            let page = Page::read(text, "log");
            assert_eq!((page.title.as_str(), page.titled), (title, titled), "{text:?}");
            assert_eq!(again(text, "log"), text, "it comes out as it came in");
        }
    }

    #[test]
    fn a_new_title_goes_where_the_old_one_stood_if_it_can() {
        let renamed = |text: &str, stem: &str, title: &str| {
            Page { title: title.to_owned(), ..Page::read(text, "log") }.write(stem)
        };
        assert_eq!(renamed("Quiet.\n", "Storm", "Storm"), "Quiet.\n", "the name says it");
        assert_eq!(renamed("Quiet.\n", "Storm-", "Storm?"), "# Storm?\n\nQuiet.\n", "the name cannot say it");
        assert_eq!(renamed("---\ntitle: Night\n---\n", "Storm", "Storm"), "---\ntitle: Storm\n---\n");
        assert_eq!(renamed("# Night\n", "Storm", "Storm"), "# Storm\n");
    }

    #[test]
    fn a_heading_that_is_no_title_never_becomes_one() {
        let page = Page { titled: Titled::Name, ..Page::read("# Night\n\n# First watch\n", "Night") };
        let text = page.write("Night");
        let read = Page::read(&text, "Night");
        assert_eq!((read.title, read.blocks), (page.title, page.blocks), "{text}");
    }
}
