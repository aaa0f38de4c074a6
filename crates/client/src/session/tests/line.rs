//! Stories about the line: silence, sleep, refusals.

use super::*;

fn goodbye(code: Code, again_after_ms: Option<u32>) -> Frame {
    Frame::Goodbye(Goodbye { code, again_after_ms })
}

#[test]
fn a_silent_line_is_asked_and_then_given_up() {
    let mut imke = Imke::following();
    let silent = imke.link;
    let mut seen = Vec::new();
    for _ in 0..31 {
        imke.now += TICK;
        seen.extend(imke.tell(Input::Tick));
    }
    let pings = seen.iter().filter(|o| matches!(o, Output::Ping(_))).count();
    assert_eq!(pings, 1, "one question is enough: {seen:?}");
    assert!(seen.contains(&Output::Close(silent)), "no answer in half a minute is an answer: {seen:?}");
}

#[test]
fn a_sign_of_life_keeps_the_line() {
    let mut imke = Imke::following();
    for _ in 0..120 {
        imke.now += TICK;
        let out = imke.tell(Input::Tick);
        assert!(!out.contains(&Output::Close(imke.link)), "every ping was answered: {out:?}");
        if out.contains(&Output::Ping(imke.link)) {
            imke.tell(Input::Alive(imke.link));
        }
    }
}

#[test]
fn after_sleep_the_line_is_opened_anew_at_once() {
    let mut imke = Imke::following();
    imke.tell(Input::Tick);
    imke.now += 3 * 3_600_000;
    let before = imke.link;
    let out = imke.tell(Input::Tick);
    assert!(out.contains(&Output::Close(before)), "no line outlives three hours of sleep: {out:?}");
    assert!(out.iter().any(|o| matches!(o, Output::Connect { .. })), "the lid is open, so at once: {out:?}");
}

#[test]
fn what_an_earlier_line_says_is_ignored() {
    let mut imke = Imke::following();
    let old = imke.link;
    imke.tell(Input::Stop(Stopped::ByPerson));
    imke.dial();
    let out = imke.tell(Input::Received(old, Frame::Entries(vec![Stretch::Run(vec![entry(11)])])));
    assert_eq!(stored(&out), None, "that stream ended");
    let out = imke.tell(Input::Lost(old));
    assert!(!out.iter().any(|o| matches!(o, Output::Close(_))), "the new line is not touched: {out:?}");
}

#[test]
fn a_refused_token_is_renewed_and_an_ended_session_asks_for_a_person() {
    let mut imke = Imke::following();
    imke.hear(goodbye(Code::UNAUTHENTICATED, None));
    imke.now += 60_000;
    let out = imke.tell(Input::Tick);
    assert!(
        out.iter().any(|o| matches!(o, Output::Connect { renew: true, .. })),
        "an expired token is nobody's concern but the engine's: {out:?}"
    );
    imke.tell(Input::Connected(imke.link, None));
    let out = imke.hear(goodbye(Code::REVOKED, None));
    assert!(out.contains(&Output::Status(Status::SignedOut)), "a person must sign in again: {out:?}");
    imke.now += 600_000;
    assert_eq!(imke.tell(Input::Tick), [], "and nothing is tried until then");
}

#[test]
fn a_relay_that_speaks_another_version_is_not_asked_again() {
    let mut imke = Imke::following();
    let out = imke.hear(goodbye(Code::VERSION, None));
    assert!(out.contains(&Output::Status(Status::Refused { code: Code::VERSION })), "said as it is: {out:?}");
    imke.now += 600_000;
    assert_eq!(imke.tell(Input::Tick), [], "only a person (or an update) changes that");
}

#[test]
fn a_busy_relay_is_left_alone_for_as_long_as_it_asked() {
    let mut imke = Imke::following();
    let out = imke.hear(goodbye(Code::BUSY, Some(5_000)));
    let wake = out.iter().find_map(|o| if let Output::WakeAt(at) = o { Some(*at) } else { None });
    assert!(wake.is_some_and(|at| at >= imke.now + 5_000), "not before the time it named: {out:?}");
}

#[test]
fn a_name_that_is_another_devices_is_given_up_at_once() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.dial();
    let out = imke.hear(goodbye(Code::REPLICA_TAKEN, Some(1_000)));
    assert!(out.contains(&Output::TakeNewIdentity), "nothing will ever be answered under it: {out:?}");
    let out = imke.tell(Input::Renamed(ADA));
    assert!(!out.iter().any(|o| matches!(o, Output::Connect { .. })), "not sooner than it was told: {out:?}");
    imke.now += 60_000;
    imke.tell(Input::Tick);
    let out = imke.tell(Input::Connected(imke.link, None));
    let said = out.iter().any(|o| matches!(o, Output::Send(_, Frame::Hello(hello)) if hello.replica == ADA));
    assert!(said, "it comes back under the new name: {out:?}");
}

#[test]
fn replaced_by_another_copy_it_takes_a_new_name_when_nothing_is_unanswered() {
    let mut imke = Imke::following();
    imke.tell(Input::Bell);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    let out = imke.hear(goodbye(Code::REPLACED, Some(1_000)));
    assert!(!out.contains(&Output::TakeNewIdentity), "row 1 may be in the log under the old name: {out:?}");
    imke.now += 60_000;
    imke.tell(Input::Tick);
    imke.tell(Input::Connected(imke.link, None));
    imke.welcome(EPOCH, &[], 10);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    let out = imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 11))]));
    assert!(out.contains(&Output::TakeNewIdentity), "it is, and the next rows get a new one: {out:?}");
}

#[test]
fn each_connection_has_a_name_of_its_own_in_the_logs() {
    let mut names = BTreeSet::new();
    for seed in 1..=3 {
        let mut imke = Imke::with(Some(EPOCH), 10);
        imke.session = Session::new(Setup { seed, ..imke.session.setup.clone() });
        let mut greet = |input| {
            imke.tell(input);
            let out = imke.tell(Input::Connected(imke.link, None));
            names.extend(out.into_iter().filter_map(|output| match output {
                Output::Send(_, Frame::Hello(hello)) => Some(hello.trace),
                _ => None,
            }));
            imke.tell(Input::Lost(imke.link));
            imke.now += 60_000;
        };
        greet(Input::Start);
        greet(Input::Tick);
    }
    assert_eq!(names.len(), 6, "of every process and every connection: {names:?}");
    assert!(names.iter().all(|name| *name > 1 << 32), "nobody else's count from one comes near: {names:?}");
}

#[test]
fn whoever_comes_back_need_not_wait_and_makes_no_storm() {
    let dials = |out: &[Output]| out.iter().any(|o| matches!(o, Output::Connect { .. }));
    let wait = |imke: &mut Imke| {
        let out = imke.tell(Input::Lost(imke.link));
        let wake = out.iter().find_map(|o| if let Output::WakeAt(at) = o { Some(*at) } else { None });
        wake.expect("there will be another attempt") - imke.now
    };
    let mut imke = Imke::following();
    for _ in 0..8 {
        imke.now += wait(&mut imke);
        assert!(dials(&imke.tell(Input::Tick)), "it tries by itself");
    }
    assert!(wait(&mut imke) > 10_000, "after a long cut the next attempt is far away");
    assert!(dials(&imke.tell(Input::Hurry)), "who says that it is time is believed");
    assert!(wait(&mut imke) > 10_000, "but once, not from now on");
    imke.tell(Input::Stop(Stopped::SignedOut));
    assert!(!dials(&imke.tell(Input::Hurry)), "no hurry signs anybody in");
    let mut ada = Imke::following();
    assert!(!dials(&ada.tell(Input::Hurry)), "a line that stands is left alone");
}

#[test]
fn an_attempt_that_hangs_gives_way_to_whoever_hurries() {
    // Imke has left the café, whose network swallows what it cannot deliver.
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.tell(Input::Start);
    let hanging = imke.link;
    assert_eq!(imke.tell(Input::Hurry), [], "it has only begun");
    imke.now += 5_000;
    let out = imke.tell(Input::Hurry);
    assert!(out.contains(&Output::Close(hanging)), "half a minute is long for somebody who waits: {out:?}");
    assert!(imke.link != hanging, "another is begun at once: {out:?}");
}

/// Returns how long it is until the next attempt.
fn wait(imke: &Imke, out: &[Output]) -> Option<Millis> {
    let wakes =
        out.iter().filter_map(|o| if let Output::WakeAt(at) = o { Some(at - imke.now) } else { None });
    wakes.last()
}

/// Plays the same connection ten times over; returns how long it was to each next attempt.
fn ten_times(imke: &mut Imke, connection: impl Fn(&mut Imke) -> Vec<Output>) -> Vec<Millis> {
    let mut waits = Vec::new();
    for _ in 0..10 {
        imke.tell(Input::Connected(imke.link, None));
        let out = connection(imke);
        let pause = wait(imke, &out).expect("it comes back by itself");
        waits.push(pause);
        imke.now += pause;
        imke.tell(Input::Tick);
    }
    waits
}

const FULL: Input = Input::StoreFailed { epoch: Some(EPOCH), cursor: 10 };

#[test]
fn a_full_disk_that_takes_no_page_is_tried_ever_more_rarely() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.tell(Input::Start);
    let waits = ten_times(&mut imke, |imke| {
        imke.welcome(EPOCH, &[], 11);
        let stretches = vec![Stretch::Run(vec![entry(11)])];
        let page = Page { backfill: None, snapshots: vec![], stretches, through: 11, more: false, head: 11 };
        imke.hear(Frame::Page(page));
        imke.tell(FULL)
    });
    assert!(waits[9] >= 15_000, "the relay reads the same page again for each: {waits:?}");
}

#[test]
fn a_full_disk_that_takes_no_acknowledgement_does_not_send_all_of_it_again_at_once() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.tell(Input::Start);
    let waits = ten_times(&mut imke, |imke| {
        imke.welcome(EPOCH, &[], 10);
        let sent = imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
        assert_eq!(pushed(&sent), [1], "what is not known to be there goes again");
        imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 11))]));
        imke.tell(FULL)
    });
    assert!(waits[9] >= 15_000, "up to a megabyte goes out each time: {waits:?}");

    imke.tell(Input::Connected(imke.link, None));
    imke.welcome(EPOCH, &[], 10);
    imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
    imke.hear(Frame::Answers(vec![Answer::Ack(ack(1, 11))]));
    imke.tell(Input::Acknowledged);
    let out = imke.tell(Input::Lost(imke.link));
    assert!(
        wait(&imke, &out).is_some_and(|wait| wait <= 500),
        "there is room again, and a lost line is a first failure: {out:?}"
    );
}

#[test]
fn a_relay_with_a_full_disk_is_asked_ever_more_rarely() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.tell(Input::Start);
    let waits = ten_times(&mut imke, |imke| {
        imke.welcome(EPOCH, &[], 10);
        imke.tell(Input::Outbox(vec![row(LETTER, 1)]));
        imke.hear(goodbye(Code::STORAGE, Some(1_000)))
    });
    assert!(waits[9] >= 16_000, "everyone who writes there comes back as often: {waits:?}");
}

#[test]
fn a_quiet_line_that_stood_counts_as_a_success() {
    let mut imke = Imke::with(Some(EPOCH), 10);
    imke.tell(Input::Start);
    ten_times(&mut imke, |imke| imke.tell(Input::Lost(imke.link)));
    imke.tell(Input::Connected(imke.link, None));
    imke.welcome(EPOCH, &[], 10);
    for _ in 0..16 {
        imke.now += TICK;
        imke.tell(Input::Tick);
    }
    imke.tell(Input::Alive(imke.link));
    let out = imke.tell(Input::Lost(imke.link));
    assert!(
        wait(&imke, &out).is_some_and(|wait| wait <= 500),
        "nobody wrote, and nothing was wrong: {out:?}"
    );
}
