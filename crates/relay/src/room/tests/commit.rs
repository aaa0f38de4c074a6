//! Stories about groups: what becomes durable together, and what happens when it does not.

use super::*;

#[test]
fn what_arrives_while_the_disk_writes_forms_the_next_group() {
    let (mut imke, mut ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    relay.push(imke.conn, [imke.writes("a")]);
    let group = relay.writes();
    relay.push(imke.conn, [imke.writes("b")]);
    relay.push(ada.conn, [ada.writes("c")]);
    assert!(relay.has_nothing_to_write(), "there is never a second group on its way");
    relay.written(&group);
    let next = relay.writes();
    assert_eq!(next.lines.len(), 2, "one write carries everything that waited");
    let out = relay.written(&next);
    assert_eq!((acks(&out, &imke), acks(&out, &ada)), (vec![(2, 2)], vec![(1, 3)]), "in order of arrival");
}

#[test]
fn a_group_has_a_bounded_size() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let megabytes = |count: usize| "x".repeat(count << 20);
    let items = [9, 5, 2, 2]
        .map(|count| imke.writes_in(DocumentId::from_bytes([count; 16]), &megabytes(count.into())));
    relay.push(imke.conn, items);
    let sizes = [1, 2, 1].map(|_| {
        let group = relay.writes();
        relay.written(&group);
        group.lines.len()
    });
    assert_eq!(sizes, [1, 2, 1], "a group travels as one frame: eight megabytes, or one entry");
    assert!(relay.has_nothing_to_write(), "and that was all");
}

#[test]
fn after_a_failed_commit_nothing_was_promised_and_everything_comes_again() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    let (dear, and) = (imke.writes("Dear"), imke.writes(" and"));
    relay.push(imke.conn, [dear.clone()]);
    relay.writes();
    relay.push(imke.conn, [and.clone()]);
    let out = relay.tell(Input::CommitFailed);
    assert_eq!(acks(&out, &imke), [], "no ack without the disk");
    assert_eq!(goodbye(&out, &imke), Some(Code::STORAGE), "who waited is told to come back");
    assert_eq!(frames(&out, &ada), [], "who did not wait for it does not notice");
    assert!(relay.has_nothing_to_write(), "what built on the lost words went with them");
    imke.comes_back();
    relay.join(&imke, 0);
    relay.push(imke.conn, [dear, and]);
    assert_eq!(acks(&relay.commits(), &imke), [(1, 1), (2, 2)], "from her outbox they come again");
}

#[test]
fn numbers_go_on_without_a_hole_after_a_failed_commit() {
    let (mut imke, mut ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    relay.push(imke.conn, [imke.writes("Dear")]);
    relay.writes();
    relay.tell(Input::CommitFailed);
    relay.push(ada.conn, [ada.writes_in(RECIPE, "Flour")]);
    assert_eq!(acks(&relay.commits(), &ada), [(1, 1)], "numbers go on where the log ends");
}

#[test]
fn a_name_that_storage_cannot_look_up_is_pushed_again_later() {
    let mut imke = Someone::called("Imke");
    let mut relay = Relay::with(&[&imke]);
    let dear = imke.writes("Dear");
    relay.push(imke.conn, [dear.clone()]);
    relay.commits();
    let mut out = Vec::new();
    let push = Frame::Push(Push { trace: 0, items: vec![dear] });
    relay.room.handle(relay.now, Input::Received(imke.conn, push), &mut out);
    assert!(matches!(out[..], [Output::Lookup(_, _)]), "an old name is a question to storage: {out:?}");
    let out = relay.tell(Input::Found(imke.author.replica, None));
    assert_eq!(goodbye(&out, &imke), Some(Code::STORAGE), "no answer is better than a wrong one");
}
