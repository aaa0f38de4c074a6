//! Paths within a folder: `Sub/Plan.md`, with `/` on every system, from the folder's top.
//!
//! What leads out of the folder leads nowhere.

/// Returns the folder that a path lies in; empty for the top.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Returns the last part of a path.
pub fn name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Returns a name without its ending, if it has that one in whatever case.
pub fn without_ending<'n>(name: &'n str, ending: &str) -> Option<&'n str> {
    let at = name.len().checked_sub(ending.len())?;
    let (stem, end) = name.split_at_checked(at)?;
    (end.eq_ignore_ascii_case(ending) && !stem.is_empty()).then_some(stem)
}

/// Returns a path below another; `folder` may be empty.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// Returns the path that an address in the file at `from` means; `None` for one that leaves the folder or is more than a path:
/// it has a scheme, a host, a place within the file.
pub fn resolve(from: &str, address: &str) -> Option<String> {
    let before_slash = address.split('/').next().unwrap_or_default();
    if address.is_empty()
        || address.starts_with("//")
        || address.contains(['#', '?'])
        || before_slash.contains(':')
    {
        return None;
    }
    let decoded = decoded(address);
    let (mut parts, rest): (Vec<&str>, &str) = match decoded.strip_prefix('/') {
        Some(rest) => (Vec::new(), rest),
        None => (folder(from).split('/').filter(|part| !part.is_empty()).collect(), &decoded),
    };
    for part in rest.split('/') {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// Returns the address by which the file at `from` refers to a path.
pub fn relative(from: &str, to: &str) -> String {
    let (here, there): (Vec<_>, Vec<_>) =
        (folder(from).split('/').filter(|part| !part.is_empty()).collect(), to.split('/').collect());
    let shared = here.iter().zip(&there).take_while(|(one, other)| one == other).count();
    // The last part is the file's own name, even where a folder is called the same.
    let shared = shared.min(there.len().saturating_sub(1));
    let up = here.iter().skip(shared).map(|_| "..".to_owned());
    let down = there.iter().skip(shared).map(|part| encoded(part));
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Writes what means something in an address, or ends it in Markdown, by its number.
fn encoded(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for letter in part.chars() {
        match letter {
            ' '
            | '%'
            | '('
            | ')'
            | '<'
            | '>'
            | '#'
            | '?'
            | '"'
            | '\\'
            | '['
            | ']'
            | '`'
            | '&'
            | ':'
            | '|'
            | '$'
            | '\u{0}'..='\u{1f}'
            | '\u{7f}' => out.push_str(&format!("%{:02X}", letter as u32)),
            letter if letter.is_whitespace() => {
                letter.to_string().bytes().for_each(|byte| out.push_str(&format!("%{byte:02X}")));
            }
            letter => out.push(letter),
        }
    }
    out
}

/// Reads such numbers; what is none stays as it is, and so does an address whose bytes would be no text.
fn decoded(address: &str) -> String {
    let mut bytes = Vec::with_capacity(address.len());
    let mut rest = address;
    while let Some(at) = rest.find('%') {
        let (before, sign) = rest.split_at(at);
        bytes.extend_from_slice(before.as_bytes());
        let digits = sign.get(1..3).filter(|digits| digits.bytes().all(|it| it.is_ascii_hexdigit()));
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = sign.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(b'%');
                rest = sign.get(1..).unwrap_or_default();
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap_or_else(|_| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_from_one_file_to_another_and_back() {
        for (from, to, address) in [
            ("Log.md", "Plan.md", "Plan.md"),
            ("Sub/Log.md", "Plan.md", "../Plan.md"),
            ("Log.md", "Sub/Plan B.md", "Sub/Plan%20B.md"),
            ("a/b/Log.md", "a/c/x (1).png", "../c/x%20%281%29.png"),
            ("a/Log.md", "a", "../a"),
            ("a/b/Log.md", "a/b", "../b"),
            ("Log.md", "100%.md", "100%25.md"),
            ("Log.md", "Grüße.md", "Grüße.md"),
            ("Log.md", "a_b*c.md", "a_b*c.md"),
        ] {
            assert_eq!(relative(from, to), address);
            assert_eq!(resolve(from, address).as_deref(), Some(to), "{address}");
        }
    }

    #[test]
    fn what_leads_out_of_the_folder_or_is_no_path_leads_nowhere() {
        for address in [
            "../Plan.md",
            "/../x",
            "https://example.org/x.md",
            "//host/x",
            "x.md#part",
            "mailto:a@b",
            "",
            "#x",
            "C:/x",
            ".",
        ] {
            assert_eq!(resolve("Log.md", address), None, "{address}");
        }
        assert_eq!(
            resolve("a/b/Log.md", "/Plan.md").as_deref(),
            Some("Plan.md"),
            "a slash means the folder's top"
        );
        assert_eq!(
            resolve("Log.md", "100%.md").as_deref(),
            Some("100%.md"),
            "a sign that is no number is a sign"
        );
        assert_eq!(
            resolve("Log.md", "%ff.md").as_deref(),
            Some("%ff.md"),
            "bytes that are no text are no name"
        );
    }
}
