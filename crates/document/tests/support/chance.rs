//! Chance from a seed, and how it spoils an update.

#![allow(dead_code, reason = "each test binary uses its part")]

/// Returns a number from the environment: another seed, more rounds.
pub fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// Numbers from a seed (xorshift64*), the same in every run.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// Spoils an update in one of ten ways.
pub fn spoil(chance: &mut Chance, bytes: &mut Vec<u8>, other: &[u8]) {
    let len = bytes.len().max(1);
    let at = chance.below(len);
    let end = (at + 1 + chance.below(8)).min(bytes.len());
    match chance.below(10) {
        0 => bytes.truncate(at),
        1 => with(bytes, at, |byte, _| *byte ^= 1 << (at % 8)),
        2 => {
            let any = chance.below(256) as u8;
            with(bytes, at, |byte, _| *byte = any);
        }
        3 => drop(bytes.splice(at..at, [0xff, 0xff, 0xff, 0xff, 0x07])),
        4 if at < end => drop(bytes.drain(at..end)),
        5 if at < end => drop(bytes.splice(at..at, bytes[at..end].to_vec())),
        6 => {
            let from = chance.below(other.len());
            bytes.truncate(at);
            bytes.extend_from_slice(&other[from..]);
        }
        7 => {
            let tags = [0, 1, 3, 4, 5, 6, 7, 8, 0x84, 0xc4, 0x44, 0x28, 0x81, 0x88, 10, 2];
            let tag = tags[chance.below(tags.len())];
            with(bytes, at, |byte, _| *byte = tag);
        }
        8 => with(bytes, at, |byte, _| *byte = byte.wrapping_add(1)),
        _ => {
            let small = chance.below(12) as u8;
            with(bytes, at, |byte, _| *byte = small);
        }
    }
}

fn with(bytes: &mut [u8], at: usize, change: impl FnOnce(&mut u8, usize)) {
    if let Some(byte) = bytes.get_mut(at) {
        change(byte, at);
    }
}
