//! What real Yjs and Tiptap wrote, read by this crate: the same state vector and the same text on both sides.

#[path = "support/vectors.rs"]
mod vectors;

use yrs::updates::decoder::Decode;
use yrs::{Doc, OffsetKind, Options, ReadTxn, Transact, Update};

#[test]
fn yrs_counts_what_yjs_counts() {
    for vector in vectors::all() {
        let doc = Doc::with_options(Options {
            offset_kind: OffsetKind::Utf16,
            skip_gc: !vector.gc,
            ..Options::default()
        });
        doc.get_or_insert_xml_fragment("default");
        doc.get_or_insert_text("title");
        doc.get_or_insert_map("meta");
        for update in &vector.updates {
            doc.transact_mut()
                .apply_update(Update::decode_v1(update).expect("yjs writes v1"))
                .expect("it applies");
        }
        let ours: std::collections::BTreeMap<u64, u32> =
            doc.transact().state_vector().iter().map(|(client, clock)| (client.get(), *clock)).collect();
        assert_eq!(
            ours, vector.expect.state_vector,
            "{}: every struct must be integrated, none left pending",
            vector.name
        );
    }
}
