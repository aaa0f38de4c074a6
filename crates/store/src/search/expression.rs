//! What FTS5 is asked. Tokens are letters and digits alone, and each phrase stands in quotes, so nothing that somebody typed is
//! taken for an operator.

use sheaf_document::search::Term;

/// All of the terms, as they were typed.
pub(super) fn all(terms: &[Term]) -> String {
    join(terms.iter().map(|term| phrase(&term.words, term.prefix)), " AND ")
}

/// A title with all of the terms, each of which may go on: in few words people mean the beginnings of them.
pub(super) fn titled(terms: &[Term]) -> String {
    format!("{{title}} : ({})", join(terms.iter().map(|term| phrase(&term.words, true)), " AND "))
}

/// A title with this term, as it was typed.
pub(super) fn title(term: &Term) -> String {
    format!("{{title}} : {}", phrase(&term.words, term.prefix))
}

/// A title that begins with the terms in their order.
pub(super) fn begins(terms: &[Term]) -> String {
    let words: Vec<String> = terms.iter().flat_map(|term| &term.words).cloned().collect();
    format!("{{title}} : ^ {}", phrase(&words, true))
}

/// Any of the terms.
pub(super) fn any(terms: &[Term]) -> String {
    join(terms.iter().map(|term| phrase(&term.words, term.prefix)), " OR ")
}

/// Any of these people.
pub(super) fn writers(tokens: &[String]) -> String {
    format!("{{writer}} : ({})", join(tokens.iter().map(|token| format!("\"{token}\"")), " OR "))
}

/// A link to this document.
pub(super) fn links_to(token: &str) -> String {
    format!("{{link}} : \"{token}\"")
}

/// Text and not the tokens of writers and links.
pub(super) fn text(expression: &str) -> String {
    format!("{{text}} : ({expression})")
}

fn phrase(words: &[String], open: bool) -> String {
    format!("\"{}\"{}", words.join(" "), if open { " *" } else { "" })
}

fn join(parts: impl Iterator<Item = String>, with: &str) -> String {
    parts.collect::<Vec<_>>().join(with)
}
