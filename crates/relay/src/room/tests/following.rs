//! Stories about the log on its way out: live, in pages, and from the one to the other.

use super::*;

/// Returns the numbers that someone is sent as entries, and how many are only counted.
fn numbers(out: &[Output], to: &Someone) -> (Vec<Seq>, u64) {
    let (mut sent, mut counted) = (vec![], 0);
    for frame in frames(out, to) {
        let (Frame::Entries(stretches) | Frame::Page(Page { stretches, .. })) = frame else { continue };
        for stretch in stretches {
            match stretch {
                Stretch::Run(run) => sent.extend(run.iter().map(|entry| entry.seq)),
                Stretch::Skip(_, count) => counted += count,
            }
        }
    }
    (sent, counted)
}

fn catch_up(since: Seq) -> Frame {
    Frame::CatchUp(CatchUp { since, held: vec![], first: vec![] })
}

/// Reads the page that a plan asks for, as storage would.
fn page(relay: &Relay, out: &[Output]) -> Page {
    let plan = out.iter().find_map(|o| if let Output::ReadPage(_, plan) = o { Some(plan) } else { None });
    let plan = plan.expect("a page is asked for");
    let run: Vec<_> = relay.log.iter().filter(|entry| entry.seq > plan.since).cloned().collect();
    let (through, head) = (relay.log.len() as Seq, plan.head);
    Page { backfill: None, snapshots: vec![], stretches: vec![Stretch::Run(run)], through, more: false, head }
}

#[test]
fn every_number_reaches_every_follower_once_and_in_order() {
    let mut people = ["Imke", "Tomás", "Ada"].map(Someone::called);
    let [imke, tomas, ada] = &mut people;
    let mut relay = Relay::with(&[imke, tomas, ada]);
    let mut seen: Vec<Seq> = vec![];
    for round in 0..3 {
        relay.push(imke.conn, [imke.writes("a"), imke.writes("b")]);
        if round == 0 {
            relay.push(tomas.conn, [tomas.writes_in(RECIPE, "Flour")]);
        }
        seen.extend(numbers(&relay.commits(), ada).0);
    }
    assert_eq!(seen, [1, 2, 3, 4, 5, 6, 7], "Ada reads everything, without a hole and in order");
}

#[test]
fn who_wrote_the_group_gets_its_numbers_counted_and_first_its_acks() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    relay.push(imke.conn, [imke.writes("a"), imke.writes("b")]);
    let out = relay.commits();
    assert_eq!(numbers(&out, &imke), (vec![], 2), "her acks carried her own words already");
    assert!(matches!(frames(&out, &imke)[..], [Frame::Answers(_), Frame::Entries(_)]), "acks first: {out:?}");
    assert_eq!(numbers(&out, &ada), (vec![1, 2], 0), "Ada gets the words");
}

#[test]
fn who_reads_comes_before_who_wrote() {
    let mut people = ["Imke", "Tomás", "Ada"].map(Someone::called);
    let mut relay = Relay::with(&people.each_ref());
    let [imke, tomas, ada] = &mut people;
    let long = imke.writes_in(RECIPE, &"Flour ".repeat(1_000));
    relay.push(imke.conn, [long]);
    relay.push(tomas.conn, [tomas.writes("a")]);
    let out = relay.commits();
    assert!(matches!(frames(&out, tomas)[..], [Frame::Answers(_), Frame::Entries(_)]), "acks first: {out:?}");
    let place = |of: &Someone| out.iter().position(|one| !frames(std::slice::from_ref(one), of).is_empty());
    assert!(place(ada) < place(tomas) && place(ada) < place(imke), "Ada waits for nobody's ack: {out:?}");
    assert_eq!(numbers(&out, ada).0, [1, 2], "and gets it all");
}

#[test]
fn who_catches_up_joins_the_live_log_without_a_hole() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke]);
    relay.push(imke.conn, [imke.writes("a"), imke.writes("b")]);
    relay.commits();
    relay.join(&ada, 0);
    let asked = relay.hear(&ada, catch_up(0));
    let page = page(&relay, &asked);
    relay.push(imke.conn, [imke.writes("c")]);
    assert_eq!(frames(&relay.commits(), &ada), [], "while her page is being read she is not live");
    let out = relay.tell(Input::PageRead(ada.conn, Some(page)));
    assert_eq!(numbers(&out, &ada).0, [1, 2, 3], "the page, and what was written meanwhile");
    relay.push(imke.conn, [imke.writes("d")]);
    assert_eq!(numbers(&relay.commits(), &ada).0, [4], "then everything as it comes");
}

#[test]
fn who_missed_too_much_meanwhile_reads_one_more_page() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke]);
    relay.push(imke.conn, [imke.writes("a")]);
    relay.commits();
    relay.join(&ada, 0);
    let asked = relay.hear(&ada, catch_up(0));
    let page = page(&relay, &asked);
    relay.push(imke.conn, [imke.writes_in(RECIPE, &"x".repeat(2 << 20))]);
    relay.commits();
    let out = relay.tell(Input::PageRead(ada.conn, Some(page)));
    assert!(matches!(&frames(&out, &ada)[..], [Frame::Page(page)] if page.more), "not live yet: {out:?}");
    let out = relay.hear(&ada, Frame::More);
    let next =
        out.iter().find_map(|o| if let Output::ReadPage(_, plan) = o { Some(plan.since) } else { None });
    assert_eq!(next, Some(1), "the next page goes on behind the first");
}

#[test]
fn a_slow_reader_is_told_to_come_back_and_nobody_else_notices() {
    let people = ["Imke", "Tomás", "Ada"].map(Someone::called);
    let [mut imke, tomas, ada] = people;
    let mut relay = Relay::with(&[&imke, &tomas, &ada]);
    let out = relay.tell(Input::Slow(tomas.conn));
    assert_eq!(goodbye(&out, &tomas), Some(Code::RESYNC), "he reads on from his cursor when he can");
    relay.push(imke.conn, [imke.writes("a")]);
    let out = relay.commits();
    assert_eq!((frames(&out, &tomas), numbers(&out, &ada).0), (vec![], vec![1]), "the others go on");
}

#[test]
fn a_backfill_comes_beside_the_live_log() {
    let (mut imke, ada) = (Someone::called("Imke"), Someone::called("Ada"));
    let mut relay = Relay::with(&[&imke, &ada]);
    relay.push(imke.conn, [imke.writes("a")]);
    relay.commits();
    let out = relay.hear(&ada, Frame::Backfill(LETTER));
    let asked = page(&relay, &out);
    let out = relay.tell(Input::PageRead(ada.conn, Some(asked)));
    let [Frame::Page(page)] = &frames(&out, &ada)[..] else { panic!("one page: {out:?}") };
    assert_eq!((page.backfill, page.more), (Some(LETTER), false), "the letter from its beginning");
    relay.push(imke.conn, [imke.writes("b")]);
    assert_eq!(numbers(&relay.commits(), &ada).0, [2], "she has followed all the time");
}

#[test]
fn a_page_that_cannot_be_read_is_asked_for_again_later() {
    let ada = Someone::called("Ada");
    let mut relay = Relay::with(&[&ada]);
    relay.hear(&ada, catch_up(0));
    let out = relay.tell(Input::PageRead(ada.conn, None));
    assert_eq!(goodbye(&out, &ada), Some(Code::STORAGE), "she comes back with her cursor");
}
