//! Updates put together by hand, byte by byte, honest or not.

use super::super::write::number;

/// An update in which one client writes structs from a clock on, and nothing is deleted.
pub fn update(client: u64, clock: u64, structs: &[Vec<u8>]) -> Vec<u8> {
    with_deletes(client, clock, structs, &[])
}

/// The same, deleting ranges (client, clock, length), each of another client.
pub fn with_deletes(client: u64, clock: u64, structs: &[Vec<u8>], deletes: &[(u64, u64, u64)]) -> Vec<u8> {
    many(&[(client, clock, structs)], deletes)
}

/// An update in which several clients write.
pub fn many(groups: &[(u64, u64, &[Vec<u8>])], deletes: &[(u64, u64, u64)]) -> Vec<u8> {
    let mut bytes = numbered(&[groups.len() as u64]);
    for (client, clock, structs) in groups {
        bytes.extend(numbered(&[structs.len() as u64, *client, *clock]));
        bytes.extend(structs.concat());
    }
    bytes.extend(numbered(&[deletes.len() as u64]));
    for (client, clock, len) in deletes {
        bytes.extend(numbered(&[*client, 1, *clock, *len]));
    }
    bytes
}

/// Numbers in a row.
pub fn numbered(values: &[u64]) -> Vec<u8> {
    let mut bytes = Vec::new();
    values.iter().for_each(|value| number(&mut bytes, *value));
    bytes
}

fn name(text: &str) -> Vec<u8> {
    [&numbered(&[text.len() as u64]), text.as_bytes()].concat()
}

/// A collected range.
pub fn gc(len: u64) -> Vec<u8> {
    [vec![0], numbered(&[len])].concat()
}

/// A struct behind and before ids.
pub fn between(kind: u8, origin: Option<(u64, u64)>, right: Option<(u64, u64)>, content: &[u8]) -> Vec<u8> {
    let info = kind | if origin.is_some() { 0x80 } else { 0 } | if right.is_some() { 0x40 } else { 0 };
    let ids: Vec<u64> = origin.into_iter().chain(right).flat_map(|(client, clock)| [client, clock]).collect();
    [vec![info], numbered(&ids), content.to_vec()].concat()
}

/// The first struct of a root.
pub fn root(kind: u8, root: &str, content: &[u8]) -> Vec<u8> {
    [vec![kind, 1], name(root), content.to_vec()].concat()
}

/// The first text of a root.
pub fn root_text(of: &str, characters: &str) -> Vec<u8> {
    root(4, of, &text(characters))
}

/// The first value of a root's key.
pub fn root_key(of: &str, key: &str, (kind, content): &(u8, Vec<u8>)) -> Vec<u8> {
    [vec![kind | 0x20, 1], name(of), name(key), content.clone()].concat()
}

/// The first struct inside a shared type.
pub fn inside(parent: (u64, u64), (kind, content): &(u8, Vec<u8>)) -> Vec<u8> {
    [vec![*kind, 0], numbered(&[parent.0, parent.1]), content.clone()].concat()
}

/// The first value of a shared type's key.
pub fn inside_key(parent: (u64, u64), key: &str, (kind, content): &(u8, Vec<u8>)) -> Vec<u8> {
    [vec![*kind | 0x20, 0], numbered(&[parent.0, parent.1]), name(key), content.clone()].concat()
}

/// Content: characters.
pub fn text(characters: &str) -> Vec<u8> {
    name(characters)
}

/// Content: deleted.
pub fn deleted(len: u64) -> Vec<u8> {
    numbered(&[len])
}

/// Content: so many values.
pub fn numbers(count: u64) -> (u8, Vec<u8>) {
    (8, [numbered(&[count]), [125, 7].repeat(count as usize)].concat())
}

/// Content: an array.
pub fn array() -> (u8, Vec<u8>) {
    (7, vec![0])
}

/// Content: an element.
pub fn element() -> (u8, Vec<u8>) {
    (7, [vec![3], name("paragraph")].concat())
}
