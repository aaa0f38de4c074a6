//! What the rules and the folding cost, on the long document: checking each keystroke beside applying it in yrs, which the
//! checking must not outweigh, and the linear merge of all of them.

use std::hint::black_box;
use std::time::Instant;

use anyhow::ensure;
use sheaf_document::Document;
use sheaf_document::update::{DocState, Limits, merge};
use sheaf_stories::figure::{Figure, median};
use sheaf_stories::typing::long_document;

const ROUNDS: usize = 5;

fn main() -> anyhow::Result<()> {
    let updates = long_document(0x12_3456_789a)?;
    let (mut checking, mut applying, mut merging) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let mut state = DocState::new([7; 16]);
        let start = Instant::now();
        for update in &updates {
            black_box(state.admit(update, &Limits::BULK)?);
        }
        let checked = start.elapsed().as_secs_f64();

        let (mut state, mut document) = (DocState::new([7; 16]), Document::new(1));
        let start = Instant::now();
        for update in &updates {
            document.apply(&state.admit(update, &Limits::BULK)?)?;
        }
        let both = start.elapsed().as_secs_f64();

        let start = Instant::now();
        let merged = merge(updates.iter().map(Vec::as_slice))?;
        merging.push(start.elapsed().as_secs_f64() * 1e3);
        ensure!(
            DocState::new([7; 16]).admit(&merged, &Limits::SNAPSHOT).is_ok(),
            "what was merged is an update"
        );

        let each = 1e9 / updates.len() as f64;
        checking.push(checked * each);
        applying.push((both - checked) * each);
    }
    Figure {
        group: "document",
        what: "checking a keystroke, beside applying it in yrs",
        unit: "ns",
        ours: median(checking),
    }
    .at_most_times(1.0, median(applying));
    Figure { group: "document", what: "merging 260,000 updates", unit: "ms", ours: median(merging) }
        .at_most(1_000.0);
    Ok(())
}
