//! Which addresses may become links and images.
//!
//! Reading never turns text from a file into something that runs or reads the disk when clicked.

/// Says whether a link or an image may carry this address: any but the schemes that run code or open local files.
pub(super) fn is_safe(href: &str) -> bool {
    // Browsers skip controls and spaces before a scheme, and tabs and line ends within it.
    let plain: String =
        href.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect::<String>().to_lowercase();
    !["javascript:", "data:", "vbscript:", "file:"].iter().any(|scheme| plain.starts_with(scheme))
}
