//! Stories about who comes in, who is sent away, and how much each may leave unanswered.

use super::*;

#[test]
fn who_speaks_another_version_is_told_so() {
    let imke = Someone::called("Imke");
    let mut relay = Relay::with(&[]);
    let offer = Offer { versions: (99, 99), ..Offer::ours((1, 1)) };
    let member =
        Member { author: imke.author, name: String::new(), offer, epoch: None, cursor: 0, highest: 0 };
    let out = relay.tell(Input::Join(imke.conn, member));
    assert_eq!(goodbye(&out, &imke), Some(Code::VERSION), "there is nothing to talk about");
}

#[test]
fn a_replica_is_here_once() {
    let mut imke = Someone::called("Imke");
    let before = Someone::called("Imke");
    let mut relay = Relay::with(&[&before]);
    imke.comes_back();
    let out = relay.join(&imke, 0);
    assert_eq!(
        goodbye(&out, &before),
        Some(Code::REPLACED),
        "the older line is dead, or this copy was copied"
    );
    assert!(matches!(frames(&out, &imke)[..], [Frame::Welcome(_)]), "the newer one counts: {out:?}");
}

#[test]
fn who_has_everything_follows_at_once() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke]);
    relay.push(imke.conn, [imke.writes("a")]);
    relay.commits();
    relay.join(&ada, 1);
    relay.push(imke.conn, [imke.writes("b")]);
    assert!(matches!(frames(&relay.commits(), &ada)[..], [Frame::Entries(_)]), "one round trip, no page");
}

#[test]
fn who_leaves_too_much_unanswered_is_read_no_further() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    let out = relay.push(imke.conn, [imke.writes_in(RECIPE, &"x".repeat(9 << 20))]);
    assert_eq!(out, [Output::Pause(imke.conn)], "memory for one connection is bounded");
    assert!(relay.commits().contains(&Output::Resume(imke.conn)), "with the answer she may go on");
}

#[test]
fn what_was_pushed_before_the_line_broke_is_kept() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    relay.push(imke.conn, [imke.writes("a")]);
    relay.tell(Input::Leave(imke.conn));
    let out = relay.commits();
    assert!(matches!(frames(&out, &ada)[..], [Frame::Entries(_)]), "it was accepted, so it goes on: {out:?}");
    assert_eq!(frames(&out, &imke), [], "nothing is said into a dead line");
}

#[test]
fn when_the_relay_stops_everyone_is_told() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    relay.push(imke.conn, [imke.writes("a")]);
    let out = relay.tell(Input::Stop);
    assert_eq!([goodbye(&out, &imke), goodbye(&out, &ada)], [Some(Code::STOPPING); 2], "it comes back soon");
    assert!(!relay.room.is_idle(), "what was accepted is still written");
    relay.commits();
    assert!(relay.room.is_idle(), "then the room may close");
}

#[test]
fn a_frame_of_a_later_version_is_passed_over() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    assert_eq!(relay.hear(&imke, Frame::Unknown(0x7e)), [], "nothing happens");
    relay.push(imke.conn, [imke.writes("a")]);
    assert_eq!(acks(&relay.commits(), &imke), [(1, 1)], "and the conversation goes on");
}
