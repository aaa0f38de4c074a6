//! Stories about a relay that was restored from an older backup, and what its people bring back.

use super::*;

/// What Imke wrote and an earlier life of the relay acknowledged; returns her and the entries.
fn forgotten() -> (Someone, Vec<Entry>) {
    let mut imke = Someone::called("Imke");
    let mut before = Relay::with(&[&imke]);
    before.push(imke.conn, &[imke.writes("Dear"), imke.writes(" Ada")]);
    before.commits();
    (imke, before.log)
}

#[test]
fn sealed_entries_come_back_as_they_were_under_new_numbers() {
    let (_, lost) = forgotten();
    let ada = Someone::called("Ada");
    let mut relay = Relay::with(&[&ada]);
    relay.now += 3_600_000;
    relay.hear(&ada, Frame::BringBack(lost.clone()));
    let out = relay.commits();
    assert_eq!(acks(&out, &ada), [], "they have no answer of their own");
    let same = |entry: &Entry| (entry.at, entry.seal, entry.draft.clone());
    let (now, then): (Vec<_>, Vec<_>) =
        (relay.log.iter().map(same).collect(), lost.iter().map(same).collect());
    assert_eq!(now, then, "author, time and seal are those of the day on which Imke wrote them");
}

#[test]
fn what_the_relay_never_sealed_is_nobodys_word() {
    let (_, mut lost) = forgotten();
    let ada = Someone::called("Ada");
    let mut relay = Relay::with(&[&ada]);
    for entry in &mut lost {
        entry.draft.author.person = ada.author.person;
    }
    relay.hear(&ada, Frame::BringBack(lost));
    assert!(relay.has_nothing_to_write(), "Ada cannot make Imke's words her own");
}

#[test]
fn what_two_people_bring_back_is_one_entry() {
    let (_, lost) = forgotten();
    let (ada, tomas) = (Someone::called("Ada"), Someone::called("Tomás"));
    let mut relay = Relay::with(&[&ada, &tomas]);
    relay.hear(&ada, Frame::BringBack(lost.clone()));
    let group = relay.writes();
    relay.hear(&tomas, Frame::BringBack(lost.clone()));
    relay.written(&group);
    relay.commits();
    relay.hear(&tomas, Frame::BringBack(lost));
    assert!(relay.has_nothing_to_write(), "the log holds them");
    assert_eq!(relay.log.len(), 2, "each once");
}

#[test]
fn a_catch_up_holds_what_was_brought_back_before_it() {
    let (_, lost) = forgotten();
    let ada = Someone::called("Ada");
    let mut relay = Relay::with(&[&ada]);
    relay.hear(&ada, Frame::BringBack(lost));
    let out = relay.hear(&ada, Frame::CatchUp(CatchUp { since: 0, held: vec![], first: vec![] }));
    assert_eq!(out, [], "it waits for the disk");
    let out = relay.commits();
    assert!(out.iter().any(|o| matches!(o, Output::ReadPage(..))), "now the page can hold them: {out:?}");
}

#[test]
fn what_is_sealed_comes_back_also_after_somebody_else_wrote_a_part_of_it_anew() {
    let (mut imke, lost) = forgotten();
    let mut ada = Someone::called("Ada");
    let mut relay = Relay::with(&[&imke, &ada]);
    let bytes = lost[0].draft.bytes.clone();
    relay.push(ada.conn, [ada.item(LETTER, bytes.to_vec())]);
    assert_eq!(acks(&relay.commits(), &ada).len(), 1, "nobody else has it, as far as the relay can know");
    relay.hear(&imke, Frame::BringBack(lost));
    relay.commits();
    assert_eq!(
        relay.log.len(),
        3,
        "the seal says that Imke wrote under this client id, so all of hers is back"
    );
    let out = relay.push(imke.conn, [imke.writes("!")]);
    let code = answers(&out, &imke).into_iter().find_map(|answer| match answer {
        Answer::Never { code, .. } => Some(code),
        _ => None,
    });
    assert_eq!(code, Some(Code::CLIENT_ID_TAKEN), "what has no seal yet is for her to settle");
}

#[test]
fn client_ids_stay_with_those_who_wrote_under_them() {
    let (mut imke, lost) = forgotten();
    let ada = Someone::called("Ada");
    let mut relay = Relay::with(&[&imke, &ada]);
    relay.hear(&ada, Frame::BringBack(lost));
    relay.commits();
    relay.push(imke.conn, [imke.writes("!")]);
    assert_eq!(acks(&relay.commits(), &imke), [(3, 3)], "Ada only carried them");
}
