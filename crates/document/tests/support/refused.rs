//! A small update that breaks each rule (`tests/updates/refused.json`), as bytes that anybody's writer could send.
//!
//! Long stretches of one thing stand there as a pair: the bytes, and how often. [`RefusalCode::Stranger`] has none,
//! because who may write is not in an update.
//!
//! [`RefusalCode::Stranger`]: sheaf_document::update::RefusalCode::Stranger

#![allow(dead_code, reason = "each test binary reads its part")]

use serde::Deserialize;

/// An update that breaks a rule.
#[derive(Debug, Deserialize)]
pub struct Refused {
    /// The rule, as the code is named.
    pub code: String,
    before: Vec<String>,
    update: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Part {
    Once(String),
    Often(String, usize),
}

/// Returns one for each rule.
pub fn all() -> Vec<Refused> {
    serde_json::from_str(include_str!("../../../../tests/updates/refused.json")).expect("it is valid JSON")
}

impl Refused {
    /// The updates that the document has before it, all sound.
    pub fn before(&self) -> Vec<Vec<u8>> {
        self.before.iter().map(|text| bytes(text)).collect()
    }

    /// The update.
    pub fn update(&self) -> Vec<u8> {
        let parts = self.update.iter().map(|part| match part {
            Part::Once(text) => bytes(text),
            Part::Often(text, times) => bytes(text).repeat(*times),
        });
        parts.collect::<Vec<_>>().concat()
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<_> = hex.chars().map(|digit| digit.to_digit(16).expect("a digit") as u8).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}
