//! Stories about files: a record is taken once the bytes that it names are here, and not before.

use super::tree::{put, refusals};
use super::*;

fn photo(bytes: &[u8]) -> (ContentHash, Record) {
    let hash = ContentHash::of(bytes);
    let (size, media, name) = (bytes.len() as u64, "image/jpeg".into(), "harbour.jpg".into());
    (hash, Record::File(FileWrite { hash, size, media, name, dimensions: None }))
}

#[test]
fn a_file_is_taken_when_its_bytes_are_here_and_told_to_the_others() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    let (hash, record) = photo(b"harbour at dawn");
    let out = relay.push(imke.conn, [imke.says(&record)]);
    assert_eq!(refusals(&out, &imke), [(1, Code::NO_FILE)], "nobody is told of bytes that nobody could have");
    assert!(relay.has_nothing_to_write(), "and the log does not hold it");

    relay.blobs.insert(hash, 14);
    let out = relay.push(imke.conn, [imke.says(&record)]);
    assert_eq!(
        refusals(&out, &imke),
        [(2, Code::INVALID)],
        "a length that is another is a lie, or a mistake"
    );

    relay.blobs.insert(hash, 15);
    relay.push(imke.conn, [imke.says(&record)]);
    let out = relay.commits();
    assert_eq!(acks(&out, &imke), [(3, 1)], "now it is known");
    assert_eq!(frames(&out, &ada).len(), 1, "to Ada too");
    let rows: Vec<_> = relay.records().rows().collect();
    assert_eq!(rows, [(imke.author.person, record)], "and to whoever joins");
}

#[test]
fn what_was_said_after_a_file_waits_until_its_bytes_were_looked_for_and_comes_in_order() {
    let (mut imke, mut ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    relay.push(ada.conn, [ada.says(&put(LETTER, None))]);
    relay.commits();
    let (hash, record) = photo(b"harbour at dawn");
    let (file, place) = (imke.says(&record), imke.says(&put(RECIPE, Some(LETTER))));
    let push = |items| Input::Received(imke.conn, Frame::Push(Push { trace: 0, items }));
    let mut out = Vec::new();
    relay.room.handle(relay.now, push(vec![file.clone(), place]), &mut out);
    assert!(out.contains(&Output::Measure(hash)), "somebody looks, and the room does not wait: {out:?}");
    let text = ada.writes_in(RECIPE, "Rye");
    relay.push(ada.conn, [text]);
    assert_eq!(acks(&relay.commits(), &ada), [(2, 2)], "texts go on meanwhile");

    relay.tell(Input::Measured(hash, Err(Unloadable::Storage)));
    imke.comes_back();
    relay.join(&imke, 0);
    relay.blobs.insert(hash, 15);
    relay.push(imke.conn, [file, PushItem { counter: 2, ..imke.says(&put(RECIPE, Some(LETTER))) }]);
    assert_eq!(
        acks(&relay.commits(), &imke),
        [(1, 3), (2, 4)],
        "a disk that failed is asked again, in order"
    );
}

#[test]
fn a_file_that_this_log_took_once_comes_back_without_its_bytes() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    let (hash, record) = photo(b"harbour at dawn");
    relay.blobs.insert(hash, 15);
    relay.push(imke.conn, [imke.says(&record)]);
    relay.commits();
    let known = relay.log.clone();

    let mut restored = Relay::with(&[&imke, &ada]);
    restored.hear(&ada, Frame::BringBack(known));
    restored.commits();
    assert_eq!(
        restored.log.len(),
        1,
        "whoever has the bytes brings them again; that they were here is known"
    );
}
