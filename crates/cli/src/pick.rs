//! Which document is meant: by id, by the beginning of an id, or by title.

use sheaf_store::DocumentRow;

use crate::failure::{Exit, Failure};

/// Fewer digits than this are no beginning of an id: too many words would be one, too.
const SHORTEST: usize = 4;

/// Returns the one document that is meant.
///
/// # Errors
/// When there is none, or there are several; those are listed.
pub fn pick<'a>(documents: &'a [DocumentRow], wanted: &str) -> Result<&'a DocumentRow, Failure> {
    let id = wanted.to_ascii_lowercase().replace('-', "");
    let title = wanted.trim().to_lowercase();
    let is_start = id.len() >= SHORTEST && id.chars().all(|c| c.is_ascii_hexdigit());
    let meant = |row: &&DocumentRow| {
        let by_id = is_start && row.id.to_string().replace('-', "").starts_with(&id);
        by_id || (!title.is_empty() && row.title.trim().to_lowercase() == title)
    };
    let found: Vec<&DocumentRow> = documents.iter().filter(meant).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Failure::new(
            Exit::NotFound,
            format!("There is no document {wanted:?} here. sheaf list shows what there is."),
        )),
        several => {
            let lines: Vec<_> = several.iter().map(|row| format!("  {}  {}", row.id, row.title)).collect();
            Err(Failure::new(
                Exit::Usage,
                format!("{wanted:?} may be any of these; take more of the id:\n{}", lines.join("\n")),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use sheaf_document::ids::DocumentId;

    use super::*;

    fn row(id: u128, title: &str) -> DocumentRow {
        DocumentRow {
            id: DocumentId::from_bytes(id.to_be_bytes()),
            title: title.to_owned(),
            updated_at: 0,
            stale: false,
            entries: 1,
            unacknowledged: 0,
            stuck: None,
        }
    }

    #[test]
    fn a_document_is_found_by_id_beginning_and_title() {
        let notes = row(0x0190_cafe << 96, "Harvest notes");
        let plans = row(0x0190_caff << 96 | 1, "Plans");
        let all = [notes.clone(), plans.clone()];
        for wanted in [
            "0190cafe-0000-0000-0000-000000000000",
            "0190cafe",
            "0190-CAFE-",
            "harvest NOTES",
            " Harvest notes",
        ] {
            assert_eq!(pick(&all, wanted), Ok(&notes), "{wanted}");
        }
        assert_eq!(pick(&all, "Plans"), Ok(&plans));
    }

    #[test]
    fn what_may_be_several_is_never_guessed() {
        let all =
            [row(0x0190_cafe << 96, "Plans"), row(0x0190_caff << 96, "plans"), row(0xcafe << 112, "Café")];
        for wanted in ["0190caf", "Plans"] {
            let failure = pick(&all, wanted).unwrap_err();
            assert_eq!(failure.code, Exit::Usage, "{wanted}");
            assert_eq!(failure.message.lines().count(), 3, "both are listed: {}", failure.message);
        }
        for wanted in ["019", "", "Plan", "0190cafe1"] {
            assert_eq!(pick(&all, wanted).unwrap_err().code, Exit::NotFound, "{wanted:?} names nothing");
        }
        let untitled = [row(1, "")];
        assert_eq!(pick(&untitled, "").unwrap_err().code, Exit::NotFound, "no title is no name");
    }
}
