//! Files: what a blob is, so that everyone knows of it before they have its bytes.
//!
//! A blob's name is the hash of its bytes, so nothing about them ever changes: the first record of a file says all of it,
//! and whatever is said later changes nothing. What a file is called is only how its first author called it.
//!
//! Deliberately absent: the bytes, which go another way, and belief. A reader finds out from the bytes what they are.

use sheaf_document::ids::ContentHash;

use crate::limits;

/// What a blob is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileWrite {
    /// The blob's name: BLAKE3 of its bytes.
    pub hash: ContentHash,
    /// Its bytes. A relay knows better than to believe this.
    pub size: u64,
    /// What it is, as a media type: see [`is_media`].
    pub media: String,
    /// What its author called it: see [`is_file_name`].
    pub name: String,
    /// How large a picture is.
    pub dimensions: Option<Dimensions>,
}

/// The size of a picture, in pixels; neither is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dimensions {
    /// From left to right.
    pub width: u32,
    /// From top to bottom.
    pub height: u32,
}

/// Says whether a file may be called so: the last part of a path as every system knows it, which names no folder.
pub fn is_file_name(name: &str) -> bool {
    let is_wrong = |letter: char| letter.is_control() || matches!(letter, '/' | '\\');
    !name.is_empty()
        && name.len() <= limits::FILE_NAME
        && name != "."
        && name != ".."
        && !name.contains(is_wrong)
}

/// Says whether a text is a plain media type in lower case, such as `image/png`.
pub fn is_media(media: &str) -> bool {
    let is_token = |token: &str| {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$&-^_.+".contains(&byte);
        !token.is_empty() && token.bytes().all(is_plain)
    };
    let parts = media.split_once('/').filter(|_| media.len() <= limits::MEDIA);
    parts.is_some_and(|(kind, form)| is_token(kind) && is_token(form))
}
