//! The relay's database: what it refuses to open, how it numbers, how devices rotate their secrets.

use bytes::Bytes;
use sheaf_document::ids::{ContentHash, DeviceId, DocumentId, Epoch, PersonId, ReplicaId, WorkspaceId};
use sheaf_protocol::entry::{Author, Draft, Flags, Kind, Millis, Origin, Seal};

use super::*;
use crate::room::{Group, Line};
use crate::storage::{Joined, NewDevice, NewInvitation, Role, Rotated, Rotation, Scope};

mod records;
mod storm;

const MINUTE: Millis = 60_000;
const DAY: Millis = 24 * 60 * MINUTE;
const SHEAF: WorkspaceId = WorkspaceId::from_bytes([1; 16]);

struct World {
    dir: tempfile::TempDir,
    database: Sqlite,
}

fn world() -> World {
    let dir = tempfile::tempdir().unwrap();
    let mut database = Sqlite::open(&dir.path().join("relay.db")).unwrap();
    assert!(database.create_workspace(SHEAF, Epoch::from_bytes([9; 16]), "http://here", 0).unwrap());
    World { dir, database }
}

fn secret(text: &str) -> ContentHash {
    ContentHash::of(text.as_bytes())
}

impl World {
    fn reader(&self) -> Sqlite {
        Sqlite::open_reader(&self.dir.path().join("relay.db")).unwrap()
    }

    /// Imke joins with one device whose refresh secret is "first".
    fn imke(&mut self) -> (Scope, DeviceId) {
        let invitation = NewInvitation { secret: secret("link"), role: Role::Owner, expires_at: DAY };
        self.database.invite_by_operator(SHEAF, &invitation, 0).unwrap();
        let account = NewAccount {
            name: "Imke".into(),
            email: "Imke@example.org".into(),
            password: "hash".into(),
            claim: None,
        };
        let device = NewDevice {
            device: DeviceId::from_bytes([5; 16]),
            name: "laptop".into(),
            secret: secret("first"),
        };
        let person = PersonId::from_bytes([4; 16]);
        match self.database.join(secret("link"), person, &account, &device, 1).unwrap() {
            Joined::Welcome(session) => (session.account.scope, session.device),
            other => panic!("Imke could not join: {other:?}"),
        }
    }

    fn rotate(&mut self, spent: &str, id: u8, next: &str, now: Millis) -> Rotated {
        let rotation = Rotation { spent: secret(spent), id: [id; 16], next: secret(next) };
        self.database.rotate(&rotation, now).unwrap()
    }
}

fn line(document: u8, counter: u64) -> Line {
    let bytes = Bytes::from(format!("update {counter}"));
    let author = Author {
        person: PersonId::from_bytes([4; 16]),
        device: DeviceId::from_bytes([5; 16]),
        replica: ReplicaId::from_bytes([6; 16]),
    };
    let draft = Draft {
        kind: Kind::UPDATE,
        document: DocumentId::from_bytes([document; 16]),
        author,
        counter,
        hash: ContentHash::of(&bytes),
        origin: Origin::TYPED,
        flags: Flags::default(),
        key_id: 0,
        bytes,
    };
    Line { at: 7, seal: Seal([8; 16]), draft }
}

fn group(lines: impl Into<Vec<Line>>) -> Group {
    Group { lines: lines.into(), owners: Vec::new() }
}

#[test]
fn numbers_rise_without_gaps_over_groups_and_failures() {
    let mut world = world();
    assert_eq!(world.database.append(SHEAF, &group([line(1, 1), line(2, 2)])).unwrap(), 1);
    let twice = world.database.append(SHEAF, &group([line(3, 3), line(3, 3)]));
    assert!(twice.is_err(), "one name twice fails as a whole");
    assert_eq!(
        world.database.append(SHEAF, &group([line(3, 3)])).unwrap(),
        3,
        "the failed group took no number"
    );
    let mut reader = world.reader();
    assert_eq!(reader.workspaces().unwrap()[0].head, 3);
    let (third, through) = reader.document(SHEAF, DocumentId::from_bytes([3; 16])).unwrap();
    assert_eq!((third.tail.len(), through), (1, 3), "the rolled-back document row misled nobody");
    let named = reader.named(SHEAF, ReplicaId::from_bytes([6; 16]), &[2, 4]).unwrap();
    let [name] = named[..] else { panic!("counter 4 is not taken: {named:?}") };
    assert_eq!((name.counter, name.hash, name.seq, name.at), (2, ContentHash::of(b"update 2"), 2, 7));
    let (imke, _) = world.imke();
    assert_eq!(reader.highest_counter(imke, ReplicaId::from_bytes([6; 16])).unwrap(), 3);
    assert_eq!(reader.highest_counter(imke, ReplicaId::from_bytes([0; 16])).unwrap(), 0);
}

#[test]
fn a_commit_writes_over_what_was_laid_out_and_a_killed_relay_finds_it() {
    let mut world = world();
    let log = world.dir.path().join("relay.db-wal");
    let length = || std::fs::metadata(&log).unwrap().len();
    world.database.lay_out_log().unwrap();
    let laid_out = length();
    assert!(laid_out > 4 << 20, "as long as it gets between two checkpoints: {laid_out} bytes");
    world.database.append(SHEAF, &group([line(1, 1), line(2, 2)])).unwrap();
    assert_eq!(length(), laid_out, "no commit waits for the file to grow");

    let later = tempfile::tempdir().unwrap();
    for file in ["relay.db", "relay.db-wal"] {
        std::fs::copy(world.dir.path().join(file), later.path().join(file)).unwrap();
    }
    let mut again = Sqlite::open(&later.path().join("relay.db")).unwrap();
    assert_eq!(again.workspaces().unwrap()[0].head, 2, "what was committed is there, and nothing else");
    again.lay_out_log().unwrap();
    assert_eq!(again.append(SHEAF, &group([line(3, 3)])).unwrap(), 3, "and the log goes on");
}

#[test]
fn a_lost_answer_to_a_rotation_costs_nothing() {
    let mut world = world();
    world.imke();
    assert!(matches!(world.rotate("first", 1, "second", MINUTE), Rotated::Done(_)));
    let again = world.rotate("first", 1, "second", DAY);
    assert!(matches!(again, Rotated::Done(_)), "the same request is the same answer for a day");
    assert!(matches!(world.rotate("second", 2, "third", DAY), Rotated::Done(_)), "and the device goes on");
    let late = world.rotate("first", 1, "second", 3 * DAY);
    assert!(matches!(late, Rotated::Unknown), "days later it opens nothing, and harms nothing");
    assert!(matches!(world.rotate("third", 3, "fourth", 3 * DAY), Rotated::Done(_)));
}

#[test]
fn a_spent_secret_with_another_next_is_a_race_at_first_and_theft_later() {
    let mut world = world();
    let (scope, device) = world.imke();
    assert!(matches!(world.rotate("first", 1, "second", MINUTE), Rotated::Done(_)));
    assert!(matches!(world.rotate("first", 2, "other", 2 * MINUTE), Rotated::Lost), "within a minute: wait");
    assert!(world.database.session(scope, device).unwrap().is_some(), "nobody is signed out for a race");
    let theft = world.rotate("first", 2, "other", 2 * MINUTE + 1);
    assert!(matches!(theft, Rotated::Reused(signed_out) if signed_out == device));
    assert!(
        matches!(world.rotate("second", 3, "third", 3 * MINUTE), Rotated::Ended),
        "the whole family ends"
    );
    assert!(world.database.session(scope, device).unwrap().is_none());
}

#[test]
fn signing_out_ends_one_device_of_that_person_only() {
    let mut world = world();
    let (scope, device) = world.imke();
    let stranger = Scope { person: PersonId::from_bytes([7; 16]), ..scope };
    world.database.end_session(stranger, device, MINUTE).unwrap();
    assert!(world.database.session(scope, device).unwrap().is_some(), "nobody else can sign Imke out");
    assert!(world.database.session(stranger, device).unwrap().is_none(), "nor act on her device");
    world.database.end_session(scope, device, MINUTE).unwrap();
    assert!(matches!(world.rotate("first", 1, "second", MINUTE), Rotated::Ended));
}

#[test]
fn foreign_newer_and_damaged_files_are_told_apart_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("relay.db");
    std::fs::write(&path, [b'x'; 8192]).unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Error::DatabaseCorrupt { .. })), "not a database");
    assert_eq!(std::fs::read(&path).unwrap(), [b'x'; 8192], "what is not ours stays as it is");

    let path = dir.path().join("other.db");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE theirs (x)").unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Error::DatabaseCorrupt { .. })), "another program's database");

    let path = dir.path().join("newer.db");
    drop(Sqlite::open(&path).unwrap());
    Connection::open(&path).unwrap().pragma_update(None, "user_version", VERSION + 1).unwrap();
    assert!(matches!(Sqlite::open(&path), Err(Error::DatabaseNewer { found, .. }) if found == VERSION + 1));
}
