//! Stories about the tree of documents: who moves what where, and what becomes of it when two do so at once.

use super::*;

pub const NOTES: DocumentId = DocumentId::from_bytes([8; 16]);

/// Puts a document under another, or at the top.
pub fn put(document: DocumentId, parent: Option<DocumentId>) -> Record {
    let order = Order::between(None, None, 7).expect("there is room between nothing and nothing");
    Record::Place(PlaceWrite::at(document, parent, order))
}

pub fn trash(document: DocumentId) -> Record {
    Record::Place(PlaceWrite { trashed: Some(true), ..PlaceWrite::of(document) })
}

pub fn icon(document: DocumentId, icon: &str) -> Record {
    Record::Place(PlaceWrite { icon: Some(icon.into()), ..PlaceWrite::of(document) })
}

impl Someone {
    /// Writes a record.
    pub fn says(&mut self, record: &Record) -> PushItem {
        let bytes = record.encode();
        PushItem { kind: Kind::RECORD, bytes, ..self.item(record::stream(WORKSPACE), vec![]) }
    }
}

impl Relay {
    /// The records that the log comes to.
    pub fn records(&self) -> Records {
        let mut records = Records::default();
        for Entry { draft, .. } in self.log.iter().filter(|entry| entry.draft.kind == Kind::RECORD) {
            if let Ok(Decoded::Known(record)) = Record::decode(&draft.bytes) {
                records.apply(draft.author.person, &record);
            }
        }
        records
    }

    /// What the log says of a document's place.
    pub fn place(&self, of: DocumentId) -> PlaceWrite {
        let records = self.records();
        let mut places = records.rows().filter_map(|(_, record)| match record {
            Record::Place(place) => Some(place),
            _ => None,
        });
        places.find(|place| place.document == of).expect("it has a place")
    }

    /// Under what a document stands.
    pub fn parent(&self, of: DocumentId) -> Option<DocumentId> {
        self.place(of).position.expect("whoever has a place has a position").parent
    }
}

/// Returns why something was refused.
pub fn refusals(out: &[Output], to: &Someone) -> Vec<(Counter, Code)> {
    let refusals = answers(out, to).into_iter();
    refusals
        .filter_map(|answer| match answer {
            Answer::Never { counter, code, .. } => Some((counter, code)),
            _ => None,
        })
        .collect()
}

/// The letter and the recipe stand at the top, by Imke, as entries 1 and 2.
fn planted<const N: usize>(mut people: [Someone; N]) -> (Relay, [Someone; N]) {
    let mut relay = Relay::with(&people.each_ref());
    let imke = people.first_mut().expect("somebody plants it");
    relay.push(imke.conn, [imke.says(&put(LETTER, None)), imke.says(&put(RECIPE, None))]);
    assert_eq!(acks(&relay.commits(), imke), [(1, 1), (2, 2)], "two documents at the top");
    (relay, people)
}

#[test]
fn of_two_moves_that_would_make_a_circle_the_second_is_refused_and_no_text_with_it() {
    let (mut relay, [mut imke, mut tomas]) = planted(["Imke", "Tomás"].map(Someone::called));
    relay.push(imke.conn, [imke.says(&put(LETTER, Some(RECIPE)))]);
    let out = relay.push(tomas.conn, [tomas.says(&put(RECIPE, Some(LETTER))), tomas.writes("Dear")]);
    assert_eq!(refusals(&out, &tomas), [(1, Code::CYCLE)], "Imke's came first");
    let out = relay.commits();
    assert_eq!(acks(&out, &imke), [(3, 3)], "hers is as she wanted it");
    assert_eq!(acks(&out, &tomas), [(2, 4)], "and what he wrote in the letter is safe");
    assert_eq!(
        (relay.parent(LETTER), relay.parent(RECIPE)),
        (Some(RECIPE), None),
        "nothing hangs in the air"
    );
}

#[test]
fn nothing_stands_under_what_has_no_place() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let out = relay.push(imke.conn, [imke.says(&put(LETTER, Some(RECIPE)))]);
    assert_eq!(refusals(&out, &imke), [(1, Code::NO_PARENT)], "nobody could ever find it there");
    relay.push(imke.conn, [imke.says(&put(RECIPE, None)), imke.says(&put(LETTER, Some(RECIPE)))]);
    assert_eq!(
        acks(&relay.commits(), &imke),
        [(2, 1), (3, 2)],
        "the parent first, and both are taken at once"
    );
}

#[test]
fn a_place_begins_with_a_position() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let out = relay.push(imke.conn, [imke.says(&icon(LETTER, "✉"))]);
    assert_eq!(refusals(&out, &imke), [(1, Code::INVALID)], "an icon alone is nowhere");
}

#[test]
fn of_two_moves_of_one_document_the_last_one_holds() {
    let (mut relay, [mut imke, mut tomas]) = planted(["Imke", "Tomás"].map(Someone::called));
    relay.push(imke.conn, [imke.says(&put(NOTES, Some(LETTER)))]);
    relay.push(tomas.conn, [tomas.says(&put(NOTES, Some(RECIPE)))]);
    let out = relay.commits();
    assert_eq!((acks(&out, &imke), acks(&out, &tomas)), (vec![(3, 3)], vec![(1, 4)]), "both are allowed");
    assert_eq!(
        relay.parent(NOTES),
        Some(RECIPE),
        "by their numbers, not by anybody's clock, his was the last"
    );
}

#[test]
fn two_people_who_write_two_fields_of_one_place_both_keep_theirs() {
    let (mut relay, [mut imke, mut tomas]) = planted(["Imke", "Tomás"].map(Someone::called));
    relay.push(imke.conn, [imke.says(&icon(LETTER, "✉"))]);
    relay.push(tomas.conn, [tomas.says(&put(LETTER, Some(RECIPE)))]);
    relay.commits();
    let place = relay.place(LETTER);
    assert_eq!(place.icon.as_deref(), Some("✉"), "his move did not know of her icon and leaves it");
    assert_eq!(relay.parent(LETTER), Some(RECIPE), "and her icon leaves his move");
}

#[test]
fn what_is_written_offline_in_a_document_that_went_to_the_trash_is_taken() {
    let (mut relay, [mut imke, mut tomas]) = planted(["Imke", "Tomás"].map(Someone::called));
    relay.tell(Input::Leave(tomas.conn));
    let offline = tomas.writes("Dear Ada");
    relay.push(imke.conn, [imke.says(&trash(LETTER))]);
    relay.commits();
    tomas.comes_back();
    relay.join(&tomas, 2);
    relay.push(tomas.conn, [offline]);
    assert_eq!(acks(&relay.commits(), &tomas), [(1, 4)], "the trash is a place to be found in, not an end");
    assert_eq!(relay.place(LETTER).trashed, Some(true), "nor does writing take anything out of it");
}

#[test]
fn a_chain_may_be_long_but_not_without_end() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let id = |number: u16| {
        let mut id = [0xee; 16];
        id[..2].copy_from_slice(&number.to_be_bytes());
        DocumentId::from_bytes(id)
    };
    let chain: Vec<_> = (0..1_100).map(|at| imke.says(&put(id(at), at.checked_sub(1).map(id)))).collect();
    let mut out = relay.push(imke.conn, chain);
    out.extend(relay.commits());
    let refused = refusals(&out, &imke);
    assert_eq!(acks(&out, &imke).len() + refused.len(), 1_100, "each is answered");
    assert_eq!(refused.first().map(|(_, code)| *code), Some(Code::TOO_DEEP), "nobody walks a longer one");
    assert_eq!(acks(&out, &imke).len(), record::DEEPEST + 1, "so many floors are enough above anything");
}
