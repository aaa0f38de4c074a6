//! What is to be done to a sequence, given where each item of the base is in the file and in the document.
//!
//! The same for blocks among blocks and for letters among letters. What a step does is the callers' to decide.

use std::ops::Range;

/// Where each item of the base is in another sequence; rising, with `None` for what is not there.
pub(super) type Places = Vec<Option<usize>>;

/// One thing to look at, in the order of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// All three have it.
    Both {
        /// Which of the base.
        base: usize,
        /// Which of the file.
        file: usize,
        /// Which of the document.
        here: usize,
    },
    /// The file has it no more.
    Gone {
        /// Which of the base.
        base: usize,
        /// Which of the document.
        here: usize,
    },
    /// The document has it no more.
    Missing {
        /// Which of the base.
        base: usize,
        /// Which of the file.
        file: usize,
        /// Before which of the document it would stand.
        at: usize,
    },
    /// The file has something new.
    New {
        /// Before which of the document it belongs.
        at: usize,
        /// What is new in the document at the same place.
        beside: Range<usize>,
        /// Which of the file.
        file: Range<usize>,
    },
}

/// Returns the steps from a base to a file, as places in the document: the last first carried out, none moves another.
pub(super) fn steps(to_file: &Places, files: usize, to_here: &Places, heres: usize) -> Vec<Step> {
    let mut steps = Vec::new();
    let (mut file, mut here) = (0, 0);
    for base in 0..=to_file.len() {
        let is_end = base == to_file.len();
        let in_file = if is_end { Some(files) } else { to_file.get(base).copied().flatten() };
        let in_here = to_here.get(base).copied().flatten();
        if let Some(next) = in_file
            && next > file
        {
            let beside = here..to_here.iter().skip(base).flatten().next().copied().unwrap_or(heres);
            steps.push(Step::New { at: here, beside, file: file..next });
        }
        match (in_file.filter(|_| !is_end), in_here) {
            (Some(file), Some(here)) => steps.push(Step::Both { base, file, here }),
            (None, Some(here)) => steps.push(Step::Gone { base, here }),
            (Some(file), None) => steps.push(Step::Missing { base, file, at: here }),
            (None, None) => {}
        }
        file = in_file.map_or(file, |at| at + 1);
        here = in_here.map_or(here, |at| at + 1);
    }
    steps
}
