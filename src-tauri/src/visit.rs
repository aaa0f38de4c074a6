//! Links to documents, `sheaf://document/ID`, that another program hands to the app: as the first word of its command line, or,
//! on macOS, as an event.
//!
//! Nothing is taken from such a link but the id of a document. Whoever wrote it can lead a person to what that person has
//! already, and to nothing else: no link joins a team, names a relay or changes a word.

use sheaf_document::ids::DocumentId;

/// What every link to a document begins with.
const DOCUMENT: &str = "sheaf://document/";

/// Returns the document that a link leads to.
pub fn read(link: &str) -> Option<DocumentId> {
    link.strip_prefix(DOCUMENT)?.trim_end_matches('/').parse().ok()
}

/// Returns the document that this process was started for.
pub fn wanted() -> Option<DocumentId> {
    let link = std::env::args_os().nth(1)?;
    let document = read(link.to_str()?);
    if document.is_none() {
        tracing::warn!("the app was started with something that is no link to a document");
    }
    document
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_id_of_a_document_is_taken_from_a_link() {
        let id = "01941d2c-7a11-7c32-8ef0-0123456789ab";
        let document = id.parse::<DocumentId>().ok();
        assert!(document.is_some());
        assert_eq!(read(&format!("sheaf://document/{id}")), document);
        assert_eq!(read(&format!("sheaf://document/{id}/")), document, "some programs end it with a slash");
        for other in [
            "sheaf://document/",
            "sheaf://document/../../etc/passwd",
            &format!("sheaf://person/{id}"),
            &format!("https://example.org/sheaf://document/{id}"),
            &format!("sheaf://document/{id}?relay=https://example.org"),
            "sheaf://join/relay.example.org#secret",
            "--help",
            "",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
