//! A team's tree: who may put what where, and what remains of it in bytes.

use proptest::prelude::*;
use sheaf_document::ids::ContentHash;

use super::*;
use crate::problem::Code;

const IMKE: PersonId = PersonId::from_bytes([1; 16]);
const TOMAS: PersonId = PersonId::from_bytes([2; 16]);
const PLANS: DocumentId = DocumentId::from_bytes([10; 16]);
const BUDGET: DocumentId = DocumentId::from_bytes([11; 16]);
const TRAVEL: DocumentId = DocumentId::from_bytes([12; 16]);

fn order(at: u8) -> Order {
    Order::from_bytes(&[at]).unwrap()
}

fn place(document: DocumentId, parent: Parent) -> Record {
    Record::Place(PlaceWrite::at(document, parent, order(7)))
}

/// The team's tree: Plans holds Budget, Budget holds Travel.
fn tree() -> Records {
    let mut records = Records::default();
    for (document, parent) in [(PLANS, None), (BUDGET, Some(PLANS)), (TRAVEL, Some(BUDGET))] {
        let record = place(document, parent);
        records.check(IMKE, &record).expect("it is put under something that is there");
        records.apply(IMKE, &record);
    }
    records
}

fn code(records: &Records, by: PersonId, record: &Record) -> Option<Code> {
    records.check(by, record).err().map(|refused| refused.code)
}

#[test]
fn nothing_stands_under_itself_however_far_down() {
    let tree = tree();
    for under in [PLANS, BUDGET, TRAVEL] {
        let refused = code(&tree, TOMAS, &place(PLANS, Some(under)));
        assert_eq!(refused, Some(Code::CYCLE), "Plans would vanish from everybody's tree");
    }
    assert_eq!(code(&tree, TOMAS, &place(TRAVEL, Some(PLANS))), None, "up the tree is no circle");
}

#[test]
fn what_something_stands_under_is_there_and_a_first_place_says_where() {
    let stranger = DocumentId::from_bytes([99; 16]);
    let tree = tree();
    assert_eq!(code(&tree, TOMAS, &place(PLANS, Some(stranger))), Some(Code::NO_PARENT));
    let icon = |document| Record::Place(PlaceWrite { icon: Some("🌾".into()), ..PlaceWrite::of(document) });
    assert_eq!(code(&tree, TOMAS, &icon(stranger)), Some(Code::INVALID), "a sign on nothing");
    assert_eq!(code(&tree, TOMAS, &icon(PLANS)), None);
}

#[test]
fn a_tree_grows_no_deeper_than_a_walk_up_may_take() {
    let id = |number: usize| {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&number.to_be_bytes());
        DocumentId::from_bytes(bytes)
    };
    let mut records = Records::default();
    for number in 0..=DEEPEST {
        let record = place(id(number), number.checked_sub(1).map(id));
        records.check(IMKE, &record).expect("deep, but not too deep");
        records.apply(IMKE, &record);
    }
    let deeper = place(id(DEEPEST + 1), Some(id(DEEPEST)));
    assert_eq!(code(&records, IMKE, &deeper), Some(Code::TOO_DEEP), "every rule's cost has a bound");
}

#[test]
fn two_people_who_say_different_fields_are_both_heard() {
    let mut tree = tree();
    let moved = place(TRAVEL, None);
    let icon = Record::Place(PlaceWrite { icon: Some("🧳".into()), ..PlaceWrite::of(TRAVEL) });
    tree.apply(IMKE, &moved);
    tree.apply(TOMAS, &icon);
    let (by, row) =
        tree.rows().find(|(_, row)| matches!(row, Record::Place(w) if w.document == TRAVEL)).unwrap();
    let Record::Place(write) = row else { unreachable!("it was asked for") };
    assert_eq!(write.position, Some(Position { parent: None, order: order(7) }), "Imke's move stays");
    assert_eq!((by, write.icon.as_deref()), (TOMAS, Some("🧳")), "beside Tomás's sign");
}

#[test]
fn a_schema_only_rises() {
    let mut tree = tree();
    let schema = |schema| Record::Place(PlaceWrite { schema: Some(schema), ..PlaceWrite::of(PLANS) });
    tree.apply(IMKE, &schema(3));
    tree.apply(TOMAS, &schema(2));
    let says_three = |(_, row)| matches!(row, Record::Place(w) if w.document == PLANS && w.schema == Some(3));
    assert!(tree.rows().any(says_three), "an older app does not take back what the text needs");
}

#[test]
fn nobody_says_who_somebody_else_is() {
    let name = Record::Member(MemberWrite { person: IMKE, name: "Imke".into() });
    assert_eq!(code(&tree(), TOMAS, &name), Some(Code::FORBIDDEN));
    assert_eq!(code(&tree(), IMKE, &name), None);
}

#[test]
fn the_first_who_adds_a_photograph_says_what_it_is() {
    let photo = |name: &str| FileWrite {
        hash: ContentHash::of(b"harbour at dawn"),
        size: 5_500_000,
        media: "image/jpeg".into(),
        name: name.into(),
        dimensions: Some(Dimensions { width: 4_000, height: 3_000 }),
    };
    let mut records = Records::default();
    for (by, name) in [(IMKE, "harbour.jpg"), (TOMAS, "IMG_2044.JPG")] {
        let record = Record::File(photo(name));
        assert_eq!(code(&records, by, &record), None, "the same bytes may be added twice");
        records.apply(by, &record);
    }
    let rows: Vec<_> = records.rows().collect();
    assert_eq!(rows, [(IMKE, Record::File(photo("harbour.jpg")))], "they are one file, as Imke called it");
}

#[test]
fn a_file_is_called_by_a_name_and_not_by_a_way_to_somewhere() {
    for good in ["harbour.jpg", "Größe 2.pdf", ".profile", "...", "名.png"] {
        assert!(is_file_name(good), "{good:?} is what somebody may call a file");
    }
    let long = "x".repeat(256);
    for bad in ["", ".", "..", "a/b", "..\\b", "C:\\a", "a\0b", "a\nb", &long] {
        assert!(!is_file_name(bad), "{bad:?} is not");
    }
    for good in ["image/png", "application/vnd.oasis.opendocument.text", "image/svg+xml"] {
        assert!(is_media(good), "{good:?} is a media type");
    }
    for bad in
        ["", "png", "image/", "/png", "Image/png", "text/html; charset=utf-8", "a/b/c", "image/png\r\nx: y"]
    {
        assert!(!is_media(bad), "{bad:?} is none");
    }
}

#[test]
fn what_was_brought_back_is_taken_though_it_closes_a_circle() {
    let mut tree = tree();
    tree.apply(IMKE, &place(PLANS, Some(TRAVEL)));
    assert_eq!(tree.parent(PLANS), Some(Some(TRAVEL)), "the log says so, and everybody reads the same log");
    let refused = code(&tree, TOMAS, &place(BUDGET, Some(TRAVEL)));
    assert_eq!(refused, Some(Code::CYCLE), "a walk in a circle ends");
    let beside = code(&tree, TOMAS, &place(DocumentId::from_bytes([9; 16]), Some(TRAVEL)));
    assert_eq!(beside, Some(Code::CYCLE), "also for who is not in it: nothing there is too deep");
    assert_eq!(code(&tree, TOMAS, &place(PLANS, None)), None, "and anybody can open the circle");
}

#[test]
fn a_later_version_is_told_from_nonsense() {
    let mut bytes = place(PLANS, None).encode().to_vec();
    bytes.extend([200, 1, 42]);
    let Record::Place(write) = place(PLANS, None) else { unreachable!("it is a place") };
    let partly = Ok(Decoded::Partly(Record::Place(write)));
    assert_eq!(Record::decode(&bytes.clone().into()), partly, "a field of tomorrow beside those of today");
    bytes[0] = 77;
    assert_eq!(Record::decode(&bytes.clone().into()), Ok(Decoded::Unknown), "a thing of tomorrow");
    bytes.pop();
    Record::decode(&bytes.into()).expect_err("but a field that ends early is nobody's");
}

fn any_order() -> impl Strategy<Value = Order> {
    (proptest::collection::vec(any::<u8>(), 0..20), 1..=255u8).prop_map(|(mut bytes, last)| {
        bytes.push(last);
        Order::from_bytes(&bytes).unwrap()
    })
}

fn any_document() -> impl Strategy<Value = DocumentId> {
    (0..5u8).prop_map(|which| DocumentId::from_bytes([which; 16]))
}

fn any_record() -> impl Strategy<Value = Record> {
    let position = (proptest::option::of(any_document()), any_order())
        .prop_map(|(parent, order)| Position { parent, order });
    let place = (
        any_document(),
        proptest::option::of(position),
        proptest::option::of("[a-z🌾é]{0,12}"),
        any::<Option<bool>>(),
        any::<Option<u16>>(),
    );
    let place = place.prop_map(|(document, position, icon, trashed, schema)| {
        Record::Place(PlaceWrite { document, position, icon, trashed, schema })
    });
    let member = (0..3u8, "[A-Z][a-zé]{1,20}").prop_map(|(who, name)| {
        Record::Member(MemberWrite { person: PersonId::from_bytes([who; 16]), name })
    });
    let favourite = (any_document(), any::<bool>())
        .prop_map(|(document, on)| Record::Favourite(FavouriteWrite { document, on }));
    let dimensions = proptest::option::of((1..9_000_u32, 1..9_000_u32));
    let dimensions = dimensions.prop_map(|it| it.map(|(width, height)| Dimensions { width, height }));
    let file = (0..4u8, any::<u64>(), "image/[a-z]{1,9}", "[a-zé]{1,20}\\.png", dimensions).prop_map(
        |(which, size, media, name, dimensions)| {
            Record::File(FileWrite { hash: ContentHash::of(&[which]), size, media, name, dimensions })
        },
    );
    prop_oneof![4 => place, 1 => member, 1 => favourite, 1 => file]
}

proptest! {
    #[test]
    fn a_record_comes_back_as_it_went(record in any_record()) {
        prop_assert_eq!(Record::decode(&record.encode()), Ok(Decoded::Known(record)));
    }

    #[test]
    fn no_bytes_make_a_reader_stumble(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), thing in 0..6u8) {
        if let Some(first) = bytes.first_mut() {
            *first = thing;
        }
        let bytes = Bytes::from(bytes);
        if let Ok(Decoded::Known(record)) = Record::decode(&bytes) {
            prop_assert_eq!(record.encode(), bytes, "one record has one form, or its hash would not name it");
        }
    }

    #[test]
    fn a_snapshot_says_what_all_that_went_before_said(said in proptest::collection::vec((0..3u8, any_record()), 0..60)) {
        let mut records = Records::default();
        for (who, record) in said {
            records.apply(PersonId::from_bytes([who; 16]), &record);
        }
        let unfolded = Records::unfold(&records.fold().into()).expect("its own words");
        prop_assert_eq!(&unfolded, &records, "a fresh replica starts from what the others have");
        prop_assert_eq!(unfolded.heap_bytes(), records.heap_bytes());
    }
}
