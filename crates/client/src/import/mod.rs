//! Bringing in what people wrote elsewhere: a folder of files, or one file.
//!
//! The one idea: what is brought in stands whole or not at all. [`survey`] looks at everything and reads nothing; [`run`] makes
//! the documents in small steps, so that whoever types waits for none of them, below one document that lies in the trash until
//! the last is made. Cancelled, out of room or out of power: what was made lies there, and the tree is as it was. Brought in
//! whole, it is undone by putting that one document into the trash.
//!
//! Whatever is not brought in is named in the [`Report`], with the reason. Nothing outside the folder is ever read.

mod html;
mod read;
mod report;
mod run;
mod survey;
#[cfg(test)]
mod tests;

pub use report::{Left, Outcome, Progress, Report, Why};
pub use run::run;
pub use survey::{Kind, Plan, SurveyError, survey};
