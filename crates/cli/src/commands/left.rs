//! What an import or export left, and why, in words.

use std::fmt;
use std::io::ErrorKind;

use serde::Serialize;
use sheaf_client::import::{Left, Why};

/// One thing that was left.
#[derive(Serialize)]
pub(super) struct Line {
    path: String,
    reason: &'static str,
    #[serde(skip)]
    words: String,
}

impl From<Left> for Line {
    fn from(Left { path, why }: Left) -> Self {
        Self { path, reason: why.name(), words: words(why) }
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "    {}: {}", self.path, self.words)
    }
}

/// Says what was left, if anything was.
pub(super) fn lines(f: &mut fmt::Formatter<'_>, left: &[Line]) -> fmt::Result {
    if !left.is_empty() {
        writeln!(f, "Left out:")?;
    }
    left.iter().try_for_each(|line| writeln!(f, "{line}"))
}

fn words(why: Why) -> String {
    let words = match why {
        Why::Hidden => "hidden: its name begins with a dot",
        Why::Link => "a link to something else; links are not followed",
        Why::Special => "no file",
        Why::TooDeep => "in more folders than documents may stand under",
        Why::TooMany => "more than one import brings in; bring in its folders one by one",
        Why::TooLarge(most) => return format!("larger than {} MiB", most >> 20),
        Why::NotText => "no text in UTF-8",
        Why::Damaged => "not what its name says, or damaged",
        Why::NotShown => "no text, and no document shows it on a line of its own",
        Why::Unreadable(ErrorKind::PermissionDenied) => "may not be read",
        Why::Unreadable(kind) => return format!("cannot be read ({kind})"),
        Why::Refused => "too large a piece: cut it into several",
        Why::NotHere => "not on this device yet",
    };
    words.to_owned()
}
