//! A hostile message costs at most a small multiple of itself: every allocation of this process is counted.

#[path = "../../document/tests/support/counting.rs"]
mod counting;

use bytes::Bytes;
use sheaf_protocol::codec::{Side, decode};
use sheaf_protocol::cut::Joiner;

use counting::most_held;

/// Numbers that look like chance and are the same in every run (SplitMix64).
fn chance(seed: u64) -> impl Iterator<Item = u64> {
    std::iter::successors(Some(seed), |state| Some(state.wrapping_add(0x9e37_79b9_7f4a_7c15))).map(|state| {
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

#[test]
fn a_claimed_count_or_length_costs_nothing() {
    let kinds = [0x01, 0x02, 0x03, 0x10, 0x11, 0x12, 0x20, 0x22, 0x25, 0x30, 0x31, 0x32, 0xf1];
    let claims: [&[u8]; 4] = [&[0x7f], &[0xff, 0xff, 0x03], &[0x80, 0x80, 0x80, 0x08], &[0xff; 10]];
    for kind in kinds {
        for claim in claims {
            for before in 0..120 {
                let message: Bytes = [&[kind], &vec![0; before][..], claim, &[0; 8]].concat().into();
                for from in [Side::Replica, Side::Relay] {
                    let held = most_held(|| drop(decode(message.clone(), from)));
                    assert!(
                        held < 16 * 1024,
                        "{held} bytes for a message of {} (type {kind:#x})",
                        message.len()
                    );
                }
            }
        }
    }
}

#[test]
fn noise_costs_a_small_multiple_of_itself() {
    let kinds = [0x10, 0x11, 0x12, 0x20, 0x22, 0x25, 0x30, 0x32];
    for seed in 0..2_000 {
        let mut numbers = chance(seed);
        let mut next = || numbers.next().unwrap_or_default();
        let kind = kinds[next() as usize % kinds.len()];
        // Mostly small bytes, so that counts are small enough to be believed.
        let noise =
            (0..next() % 4_000).map(|_| if next() % 8 == 0 { next() as u8 } else { next() as u8 % 4 });
        let message: Bytes = std::iter::once(kind).chain(noise).collect::<Vec<u8>>().into();
        for from in [Side::Replica, Side::Relay] {
            let held = most_held(|| drop(decode(message.clone(), from)));
            assert!(held <= 64 * message.len() + 4_096, "{held} bytes for {} (seed {seed})", message.len());
        }
    }
}

#[test]
fn an_announced_frame_costs_what_has_arrived() {
    let mut announced = vec![0xf0, 1];
    announced.extend_from_slice(&(17u32 << 20).to_le_bytes());
    announced.extend_from_slice(&[1; 1_000]);
    let announced = Bytes::from(announced);
    let mut joiner = Joiner::new();
    let held = most_held(|| drop(joiner.push(announced)));
    assert!(held <= 4_096, "seventeen megabytes were announced, a thousand bytes came, {held} are held");
}
