//! Stories about what becomes of a push: the four answers.

use super::*;

#[test]
fn an_ack_comes_only_when_the_disk_has_the_words() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let out = relay.push(imke.conn, [imke.writes("Dear"), imke.writes(" Ada")]);
    assert_eq!(out, [], "nothing is promised while the words are in memory only");
    let group = relay.writes();
    assert_eq!(relay.later(10), [], "nor while the disk is writing them");
    let out = relay.written(&group);
    assert_eq!(acks(&out, &imke), [(1, 1), (2, 2)], "now they are safe, under numbers without a hole");
}

#[test]
fn the_same_words_twice_are_one_entry_and_two_acks() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let dear = imke.writes("Dear");
    relay.push(imke.conn, [dear.clone()]);
    relay.commits();
    relay.tell(Input::Leave(imke.conn));
    imke.comes_back();
    relay.join(&imke, 0);
    let out = relay.push(imke.conn, [dear]);
    assert_eq!(acks(&out, &imke), [(1, 1)], "her first ack was lost with the line, so she gets it again");
    assert!(relay.has_nothing_to_write(), "the log holds the words already");
}

#[test]
fn words_that_come_again_while_the_disk_writes_them_wait_for_the_same_ack() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let dear = imke.writes("Dear");
    relay.push(imke.conn, [dear.clone()]);
    let group = relay.writes();
    imke.comes_back();
    relay.join(&imke, 0);
    assert_eq!(answers(&relay.push(imke.conn, [dear]), &imke), [], "whether they are safe is not known yet");
    let out = relay.written(&group);
    assert_eq!(acks(&out, &imke), [(1, 1)], "the ack finds her on her new line");
    assert!(relay.has_nothing_to_write(), "and there is one entry");
}

#[test]
fn other_words_under_the_same_name_are_a_fork() {
    let (mut imke, mut copy) = (Someone::called("Imke"), Someone::called("Imke"));
    copy.letter = Document::new(77);
    let mut relay = Relay::with(&[&imke]);
    let (hers, theirs) = (imke.writes("Dear"), copy.writes("Hello"));
    let holds = hers.clone().into_draft(imke.author).hash;
    relay.push(imke.conn, [hers]);
    let group = relay.writes();
    let forked = [Answer::Forked { counter: 1, holds }];
    let out = relay.push(imke.conn, [theirs.clone()]);
    assert_eq!(answers(&out, &imke), forked, "while the first are being written");
    relay.written(&group);
    let out = relay.push(imke.conn, [theirs]);
    assert_eq!(answers(&out, &imke), forked, "and ever after: never an ack for bytes that the log lacks");
}

#[test]
fn words_that_build_on_something_unknown_are_answered_with_what_is_known() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let (first, second, third) = (imke.writes("a"), imke.writes("b"), imke.writes("c"));
    relay.push(imke.conn, [first]);
    relay.commits();
    let out = relay.push(imke.conn, [third.clone()]);
    let [Answer::Missing { counter: 3, document: LETTER, have }] = &answers(&out, &imke)[..] else {
        panic!("the relay lacks \"b\": {out:?}");
    };
    let have = StateVector::decode(have).expect("a state vector");
    assert_eq!(have.next(imke.conn.0), 1, "it tells that it has one letter of hers");
    relay.push(imke.conn, [second, third]);
    assert_eq!(acks(&relay.commits(), &imke), [(2, 2), (3, 3)], "with \"b\" before it, \"c\" is fine");
}

#[test]
fn a_run_that_hangs_on_something_unknown_is_told_once_what_is_known() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let (_lost, second, third) = (imke.writes("a"), imke.writes("b"), imke.writes("c"));
    let out = relay.push(imke.conn, [second, third]);
    let told: Vec<bool> = answers(&out, &imke)
        .iter()
        .map(|answer| matches!(answer, Answer::Missing { have, .. } if !have.is_empty()))
        .collect();
    assert_eq!(told, [false, true], "a state vector may be long, so the last answer carries it for all");
}

#[test]
fn never_stops_one_document_only() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let garbage = imke.item(LETTER, b"no update at all".to_vec());
    let recipe = imke.writes_in(RECIPE, "Flour");
    let out = relay.push(imke.conn, [garbage, recipe]);
    assert!(
        matches!(
            answers(&out, &imke)[..],
            [Answer::Never { counter: 1, document: LETTER, code: Code::INVALID, .. }]
        ),
        "what cannot be read is not taken, now or later: {out:?}"
    );
    assert_eq!(acks(&relay.commits(), &imke), [(2, 1)], "the recipe behind it goes on");
}

#[test]
fn a_document_that_takes_nothing_says_why() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let (secret, letter) = (imke.writes_in(SECRET, "psst"), imke.writes("Dear"));
    let out = relay.push(imke.conn, [secret, letter]);
    assert!(
        matches!(answers(&out, &imke)[..], [Answer::Never { counter: 1, code: Code::FORBIDDEN, .. }]),
        "she has no right to write there: {out:?}"
    );
    assert_eq!(acks(&relay.commits(), &imke), [(2, 1)], "the letter is another matter");
}

#[test]
fn a_client_id_belongs_to_the_device_that_first_used_it() {
    let (mut imke, mut ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    let dear = imke.writes("Dear");
    relay.push(imke.conn, [dear.clone()]);
    relay.commits();
    ada.letter = Document::new(imke.conn.0);
    ada.reads(&dear);
    let out = relay.push(ada.conn, [ada.writes(" Ada, I owe you a fortune")]);
    assert!(
        matches!(answers(&out, &ada)[..], [Answer::Never { code: Code::CLIENT_ID_TAKEN, .. }]),
        "nobody writes in Imke's name: {out:?}"
    );
    ada.letter = Document::new(ada.conn.0);
    relay.push(ada.conn, [ada.writes("Dear Imke")]);
    assert_eq!(acks(&relay.commits(), &ada), [(2, 2)], "in her own she may");
}

#[test]
fn what_has_no_rules_here_is_not_taken() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let record = PushItem { kind: Kind(200), ..imke.writes("Dear") };
    let out = relay.push(imke.conn, [record]);
    assert!(
        matches!(answers(&out, &imke)[..], [Answer::Never { code: Code::INVALID, .. }]),
        "what cannot be checked could be anything: {out:?}"
    );
}

/// An update by which a client adds as many empty blocks at the end as one may have, after those before.
fn blocks(client: u8, clock: u32) -> Vec<u8> {
    let number = |to: &mut Vec<u8>, mut number: u32| {
        while number >= 0x80 {
            to.push(number as u8 | 0x80);
            number >>= 7;
        }
        to.push(number as u8);
    };
    let most = Limits::BULK.structs as u32;
    let mut update = vec![1];
    number(&mut update, most);
    update.push(client);
    number(&mut update, clock);
    for clock in clock..clock + most {
        match clock.checked_sub(1) {
            None => update.extend(b"\x07\x01\x07default"),
            Some(before) => {
                update.extend([0x87, client]);
                number(&mut update, before);
            }
        }
        update.push(6);
    }
    update.push(0);
    update
}

#[test]
fn a_document_that_outgrows_its_room_takes_nothing_new() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let mut taken = 0;
    let refused = loop {
        let item = imke.item(RECIPE, blocks(7, taken * Limits::BULK.structs as u32));
        let mut out = relay.push(imke.conn, [item]);
        out.extend(relay.commits());
        match answers(&out, &imke).pop() {
            Some(Answer::Ack(_)) if taken < 20 => taken += 1,
            other => break other,
        }
    };
    assert!(
        matches!(refused, Some(Answer::Never { code: Code::DOCUMENT_FULL, .. })),
        "memory for one document is bounded: {refused:?} after {taken}"
    );
    assert!(taken >= 4, "half a million blocks are not too many: {taken}");
    relay.push(imke.conn, [imke.writes("a")]);
    assert_eq!(acks(&relay.commits(), &imke).len(), 1, "and only that document is full");
}
