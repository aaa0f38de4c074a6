//! What a file is, found out from its bytes: what it is called and what somebody says of it is not believed.
//!
//! The first bytes tell the type, and a picture's header its size; nothing is decoded. A few types of pictures may be shown,
//! as long as their size is one that a screen and its memory can take. Whatever else there is can only be saved.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use sheaf_protocol::record::{Dimensions, is_media};

/// As many bytes are looked at for the type.
const HEAD: u64 = 8 * 1024;
/// Pictures that every webview shows and that can run nothing.
const SHOWN: &[&str] = &["image/png", "image/jpeg", "image/gif", "image/webp"];
/// A picture of more bytes is not shown.
const BYTES: u64 = 32 << 20;
/// A picture of more pixels is not shown: each takes four bytes of memory.
const PIXELS: u64 = 50_000_000;
/// Nor is one that is longer than this on one side.
const SIDE: u32 = 16_384;

/// What was found out about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Its media type.
    pub media: String,
    /// How large a picture is, where it is one that could be shown and says so.
    pub dimensions: Option<Dimensions>,
    /// Its bytes.
    pub size: u64,
}

/// Looks at a file.
///
/// # Errors
/// When it cannot be read.
pub fn look(path: &Path) -> io::Result<Look> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut head = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut head)?;
    let media = media(&head);
    let dimensions = if SHOWN.contains(&media.as_str()) { dimensions(path)? } else { None };
    Ok(Look { media, dimensions, size })
}

impl Look {
    /// Says whether this is a picture that may be shown.
    pub fn may_be_shown(&self) -> bool {
        may_be_shown(&self.media, self.size, self.dimensions)
    }
}

/// Says whether what is said to be such a file would be a picture that may be shown.
pub fn may_be_shown(media: &str, size: u64, dimensions: Option<Dimensions>) -> bool {
    let fits = |Dimensions { width, height }: Dimensions| {
        width <= SIDE && height <= SIDE && u64::from(width) * u64::from(height) <= PIXELS
    };
    SHOWN.contains(&media) && size <= BYTES && dimensions.is_some_and(fits)
}

fn media(head: &[u8]) -> String {
    let known = infer::get(head).map(|kind| kind.mime_type()).filter(|media| is_media(media));
    let is_text = || !head.contains(&0) && is_utf8(head);
    known.unwrap_or(if is_text() { "text/plain" } else { "application/octet-stream" }).to_owned()
}

/// Says whether these could be the first bytes of a text: its last letter may be cut.
fn is_utf8(head: &[u8]) -> bool {
    std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true)
}

/// Reads a picture's size from its header; one that has none, or a broken one, has no size.
fn dimensions(path: &Path) -> io::Result<Option<Dimensions>> {
    let read = imagesize::reader_size(BufReader::new(File::open(path)?));
    let sides =
        read.ok().and_then(|size| Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?)));
    Ok(sides
        .filter(|(width, height)| *width > 0 && *height > 0)
        .map(|(width, height)| Dimensions { width, height }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The beginning of a PNG of this size, which is all that is looked at.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        bytes
    }

    fn look_at(bytes: &[u8]) -> Look {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        look(file.path()).unwrap()
    }

    #[test]
    fn a_picture_is_known_by_its_bytes_and_tells_its_size() {
        let seen = look_at(&png(640, 480));
        assert_eq!(seen.media, "image/png");
        assert_eq!(seen.dimensions, Some(Dimensions { width: 640, height: 480 }));
        assert!(seen.may_be_shown());
    }

    #[test]
    fn a_picture_that_would_fill_the_memory_is_not_shown() {
        for (width, height) in [(20_000, 20_000), (16_385, 1), (8_000, 8_000)] {
            let seen = look_at(&png(width, height));
            assert_eq!(
                seen.dimensions,
                Some(Dimensions { width, height }),
                "its size is known without decoding it"
            );
            assert!(!seen.may_be_shown(), "{width} by {height} is for saving only");
        }
        let whole = Some(Dimensions { width: 10, height: 10 });
        assert!(!may_be_shown("image/png", 33 << 20, whole), "nor is one of very many bytes");
        assert!(!may_be_shown("image/png", 10, None), "nor one that does not say how large it is");
    }

    #[test]
    fn what_could_run_is_never_a_picture() {
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        let page = b"<!DOCTYPE html><html><script>alert(1)</script></html>";
        for bytes in [svg.as_slice(), page, b"#!/bin/sh\nrm -rf ~", b"\x7fELF\x02\x01\x01", b"", b"\x89PNG"] {
            let seen = look_at(bytes);
            assert!(!seen.may_be_shown(), "{} can only be saved", seen.media);
        }
        assert_eq!(look_at("Größe".as_bytes()).media, "text/plain");
        assert_eq!(look_at(&[0, 1, 2, 3]).media, "application/octet-stream");
        let cut = "é".repeat(4_097);
        assert_eq!(
            look_at(&cut.as_bytes()[1..]).media,
            "application/octet-stream",
            "no text begins in mid-letter"
        );
        assert_eq!(look_at(format!("x{cut}").as_bytes()).media, "text/plain", "but the head may end in one");
    }
}
