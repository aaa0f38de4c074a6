//! The document that a new workspace begins with.
//!
//! Its words are Markdown and go through the same reader as any other file.

use crate::markdown::{Parsed, read_document};

const WELCOME: &str = "\
# Welcome to Sheaf

This is a document. Click anywhere and write; there is nothing to save, because every word is kept as you type it.

## Formatting as you write

You can mark up text without leaving the keyboard:

- `#` and a space begin a heading, `##` a smaller one
- `-` and a space begin a list, `1.` a numbered one, `[ ]` a task
- `>` and a space begin a quote, three backticks a code block
- `**two asterisks**` make text **bold**, `*one*` makes it *italic*

Select some text to do the same with the mouse.

## Where your words are

Everything you write is on this device, and only there. You need no account and no connection.

## Writing with others

**Share** brings this workspace to a relay that you run yourself; **Join a team** takes you to others, with the invitation \
that they sent. Your documents stay on this device as well: you can go on writing offline, and what you and others wrote \
meanwhile is brought together when you are back.

- [ ] Change this document
- [ ] Write one of your own
";

/// Returns the title and blocks of the welcome document.
pub fn welcome() -> Parsed {
    read_document(WELCOME)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::write_document;

    #[test]
    fn it_says_in_the_tree_what_it_says_here() {
        let Parsed { title, blocks } = welcome();
        assert_eq!(title.as_deref(), Some("Welcome to Sheaf"), "its heading is its title");
        assert_eq!(write_document(title.as_deref(), &blocks), WELCOME, "nothing in it needs a source block");
        assert!(!WELCOME.contains('!'), "it is calm");
    }
}
