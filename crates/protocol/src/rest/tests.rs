//! The shapes as JSON, the limits of fields, and links that try to mislead.

use serde_json::{json, to_value};

use super::*;
use crate::problem::Code;

const SECRET: &str = "q0Vd3zXw7m1cVQpYtB5n2kJr8sLhUeGaIoFxZb4NvWc";

fn join() -> Join {
    Join {
        invitation: Secret::new(SECRET),
        name: "Imke".into(),
        email: "imke@example.org".into(),
        password: Secret::new("eleven cats"),
        device: Device { id: DeviceId::from_bytes([1; 16]), name: "Imke's laptop".into() },
        next: Hex([0xab; 32]),
        claim: None,
    }
}

#[test]
fn a_join_reads_as_its_json_and_prints_no_secret() {
    let expected = json!({
        "invitation": SECRET,
        "name": "Imke",
        "email": "imke@example.org",
        "password": "eleven cats",
        "device": { "id": "01010101-0101-0101-0101-010101010101", "name": "Imke's laptop" },
        "next": "ab".repeat(32),
    });
    assert_eq!(to_value(join()).unwrap(), expected, "the shape is a promise to other clients");
    assert_eq!(serde_json::from_value::<Join>(expected).unwrap(), join(), "and it is read as it is written");
    let claim = Claim { workspace: WorkspaceId::from_bytes([2; 16]), person: PersonId::from_bytes([3; 16]) };
    let claiming = to_value(Join { claim: Some(claim), ..join() }).unwrap();
    let expected = json!({
        "workspace": "02020202-0202-0202-0202-020202020202",
        "person": "03030303-0303-0303-0303-030303030303",
    });
    assert_eq!(claiming["claim"], expected, "whoever wrote alone may say what they bring along");
    let printed = format!("{:?}", join());
    assert!(!printed.contains("cats") && !printed.contains(SECRET), "a log line shows no secret: {printed}");
}

#[test]
fn a_refresh_and_its_answer_are_shaped_as_promised() {
    let refresh = Refresh { secret: Secret::new(SECRET), rotation: Hex([1; 16]), next: Hex([2; 32]) };
    let expected = json!({ "secret": SECRET, "rotation": "01".repeat(16), "next": "02".repeat(32) });
    assert_eq!(to_value(&refresh).unwrap(), expected, "one rotation, named by the device");
    let session: Session = serde_json::from_value(json!({
        "access": "eyJ",
        "expires_in": 600,
        "workspace": "01010101-0101-0101-0101-010101010101",
        "person": "02020202-0202-0202-0202-020202020202",
        "name": "Tomás",
        "role": "member",
        "device": "03030303-0303-0303-0303-030303030303",
        "a_field_of_next_year": true,
    }))
    .unwrap();
    assert_eq!((session.role, session.expires_in), (Role::Member, 600), "unknown fields are ignored");
}

#[test]
fn hex_of_another_length_or_alphabet_is_refused() {
    for wrong in ["", "0", "0011", &"zz".repeat(16), &"+1".repeat(16), &"é".repeat(16)] {
        assert!(serde_json::from_value::<Hex<16>>(json!(wrong)).is_err(), "{wrong:?} is not 16 bytes");
    }
}

#[test]
fn a_problem_says_its_code_and_field() {
    let problem = Problem::from(Fault { field: "email", code: Code::FIELD_LONG });
    let expected = json!({ "type": "urn:sheaf:problem:field_long", "status": 422, "code": "field_long", "field": "email" });
    assert_eq!(to_value(&problem).unwrap(), expected, "RFC 9457, with what the interface needs");
    let read: Problem = serde_json::from_value(expected).unwrap();
    assert_eq!(read.code(), Code::FIELD_LONG, "and back to the code");
}

#[test]
fn fields_have_limits() {
    let fault = |field, code| Err(Fault { field, code });
    assert_eq!(join().check(), Ok(()), "Imke may join");
    assert_eq!(
        Join { name: "  ".into(), ..join() }.check(),
        fault("name", Code::FIELD_SHORT),
        "blanks are no name"
    );
    assert_eq!(Join { name: "ü".repeat(80), ..join() }.check(), Ok(()), "characters count, not bytes");
    assert_eq!(
        Join { name: "ü".repeat(81), ..join() }.check(),
        fault("name", Code::FIELD_LONG),
        "81 are too many"
    );
    assert_eq!(
        Join { name: "I\u{7}".into(), ..join() }.check(),
        fault("name", Code::FIELD),
        "a bell is no letter"
    );
    for wrong in ["imke", "@example.org", "imke@", "imke@a@b", "im ke@example.org"] {
        assert_eq!(Join { email: wrong.into(), ..join() }.check(), fault("email", Code::FIELD), "{wrong}");
    }
    let long = format!("imke@{}.org", "a".repeat(250));
    assert_eq!(
        Join { email: long, ..join() }.check(),
        fault("email", Code::FIELD_LONG),
        "no mail gets there"
    );
    let password = |text: &str| Join { password: Secret::new(text), ..join() }.check();
    assert_eq!(password("nine cats"), fault("password", Code::FIELD_SHORT), "nine characters are too few");
    assert_eq!(
        password(&"x".repeat(257)),
        fault("password", Code::FIELD_LONG),
        "and hashing a novel is a burden"
    );
    let invitation = Join { invitation: Secret::new("' OR 1=1 -- and some more"), ..join() };
    assert_eq!(
        invitation.check(),
        fault("invitation", Code::FIELD),
        "a secret is made of letters and digits"
    );
}

#[test]
fn a_link_survives_the_mail() {
    let text = format!("https://relay.example.org:8443/team/join#{SECRET}");
    let link = InvitationLink::parse(&format!("  {text}\n")).unwrap();
    assert_eq!(link.to_text().expose(), text, "parsing and writing are each other's inverse");
    assert_eq!(link.relay.at(path::JOIN), "https://relay.example.org:8443/team/api/v1/join", "where to join");
    assert_eq!(link.relay.socket(), "wss://relay.example.org:8443/team/api/v1/socket", "where to sync");
    assert!(!format!("{link:?}").contains(SECRET), "a log line shows the relay, not the secret");
}

#[test]
fn a_link_that_misleads_is_refused() {
    for wrong in [
        "https://relay.example.org@evil.example/join",
        "https://relay.example.org\\@evil.example/join",
        "https://relay.example.org/join?next=x",
        "https://relay.example.org/../join",
        "https://reláy.example.org/join",
        "https:///join",
        "https://:80/join",
        "https://relay.example.org:0/join",
        "https://relay.example.org:99999/join",
        "https://relay.example.org:+80/join",
        "https://[::1]evil/join",
        "https://[evil]/join",
        "https://a[::1]/join",
        "ftp://relay.example.org/join",
        "javascript:alert(1)/join",
        "https://relay.example.org/",
    ] {
        assert!(InvitationLink::parse(&format!("{wrong}#{SECRET}")).is_err(), "{wrong} is no invitation");
    }
    assert!(InvitationLink::parse("https://relay.example.org/join").is_err(), "there is no secret in it");
}

#[test]
fn loopback_is_this_machine_only() {
    let loopback = |text| RelayAddress::parse(text).unwrap().is_loopback();
    for here in ["http://localhost:8040", "http://127.0.0.1", "http://127.9.9.9:1", "http://[::1]:8040/x"] {
        assert!(loopback(here), "{here} does not leave the machine");
    }
    for there in
        ["http://localhost.example.org", "http://127.0.0.1.example.org", "http://10.0.0.1", "http://[::2]"]
    {
        assert!(!loopback(there), "{there} does");
    }
}
