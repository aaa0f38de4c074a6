//! Who may come in: passwords, access tokens, secrets in links and on devices, and limits on trying.
//!
//! Each file is one mechanism and knows no HTTP; [`crate::http`] puts them together per resource.

pub mod limits;
pub mod passwords;
pub mod secrets;
pub mod tokens;
