//! A storm of refreshes: answers get lost, several callers on one device ask at once, the relay restarts, and some
//! secrets are in a thief's hands. No device is signed out for any of that but theft, and no theft goes unnoticed.

use super::*;

const DEVICES: u8 = 24;
const ROUNDS: u64 = 12;
/// The same storm each time.
const SEED: u64 = 0x5eed_0f57_0124_0001;

/// A device's side of the rotation: what its keychain holds.
struct Client {
    device: DeviceId,
    current: u64,
    /// The rotation that was begun, until its answer has come.
    pending: Option<(u8, u64)>,
    /// A secret that a thief copied.
    stolen: Option<u64>,
    rotations: u64,
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}

impl World {
    fn turn(&mut self, spent: u64, (id, next): (u8, u64), now: Millis) -> Rotated {
        self.rotate(&spent.to_string(), id, &next.to_string(), now)
    }

    fn families(&self) -> u64 {
        let sql = "SELECT count(*) FROM sessions WHERE ended_at IS NULL";
        self.database.connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[test]
fn a_storm_of_refreshes_signs_nobody_out_and_finds_every_thief() {
    let (mut world, mut chance) = (world(), Chance(SEED));
    let (scope, first) = world.imke();
    world.database.end_session(scope, first, 1).unwrap();
    let mut secrets = 0;
    let mut clients: Vec<_> = (0..DEVICES)
        .map(|number| {
            secrets += 1;
            let device = DeviceId::from_bytes([100 + number; 16]);
            let new = NewDevice { device, name: "desk".into(), secret: secret(&secrets.to_string()) };
            assert!(world.database.enrol_device(scope, &new, 1).unwrap());
            Client { device, current: secrets, pending: None, stolen: None, rotations: 0 }
        })
        .collect();

    let mut now = MINUTE;
    for round in 0..ROUNDS {
        now += 10 * MINUTE;
        for (number, client) in clients.iter_mut().enumerate() {
            if number % 4 == 0 && round == 2 {
                client.stolen = Some(client.current);
            }
            let is_new = client.pending.is_none();
            let rotation = *client.pending.get_or_insert_with(|| {
                secrets += 1;
                (round as u8, secrets)
            });
            // Callers in one process share the rotation that the keychain holds; a second process races with its own.
            for _ in 0..4 {
                let answer = world.turn(client.current, rotation, now);
                assert!(matches!(answer, Rotated::Done(_)), "{round}, device {number}: {answer:?}");
            }
            if is_new {
                let race = world.turn(client.current, (99, 1_000_000 + secrets), now + 1_000);
                assert!(matches!(race, Rotated::Lost), "{round}, device {number}: {race:?}");
            }
            if chance.below(100) >= 30 {
                (client.current, client.pending) = (rotation.1, None);
                client.rotations += 1;
            }
        }
        if round % 5 == 4 {
            world.database = Sqlite::open(&world.dir.path().join("relay.db")).unwrap();
        }
        assert_eq!(world.families(), u64::from(DEVICES), "one family a device, and nobody signed out");
    }
    let rotations: u64 = clients.iter().map(|client| client.rotations).sum();
    assert!(rotations > 100, "a storm: {rotations} rotations, the other answers were lost");

    let thefts: Vec<_> = clients.iter().filter_map(|client| Some((client.device, client.stolen?))).collect();
    for (device, stolen) in &thefts {
        secrets += 1;
        let caught = world.turn(*stolen, (7, secrets), now + 2 * MINUTE);
        assert!(matches!(caught, Rotated::Reused(whose) if whose == *device), "a thief got in: {caught:?}");
    }
    assert_eq!(world.families(), u64::from(DEVICES) - thefts.len() as u64, "and only the robbed are out");
}
