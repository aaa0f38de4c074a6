//! A thousand documents changed while a replica was away: it asks once and has them all.

use std::collections::BTreeSet;
use std::time::Instant;

use anyhow::ensure;
use sheaf_client::chance;
use sheaf_document::ids::{DocumentId, ReplicaId};
use sheaf_protocol::frame::{Answer, Frame, Stretch};
use sheaf_stories::figure::{Figure, median};
use sheaf_stories::typing;
use tokio::io::AsyncWriteExt as _;

use super::door::Door;
use super::paced::client;
use super::server::{Kind, Server};
use super::{team, wire};

const DOCUMENTS: usize = 1_000;
/// Edits in each that the replica has, and as many that it lacks.
const EDITS: usize = 3;

/// Writes a thousand documents, changes them all, and catches up again and again.
pub async fn measure(rounds: usize) -> anyhow::Result<()> {
    let server = Server::start(Kind::Relay)?;
    let door = Door::find(&server).await?;
    let mut writer = door.follow(ReplicaId::from_bytes(chance::bytes())).await?;
    let mut documents: Vec<(DocumentId, Vec<Vec<u8>>)> = (0..DOCUMENTS)
        .map(|_| (DocumentId::from_bytes(chance::bytes()), typing::line(client(), 2 * EDITS).collect()))
        .collect();
    let mut counter = 0;
    for _ in 0..2 {
        let mut bytes = Vec::new();
        for (document, updates) in &mut documents {
            for update in updates.drain(..EDITS) {
                counter += 1;
                wire::append(&team::push(*document, counter, update), &mut bytes);
            }
        }
        writer.mouth.write_all(&bytes).await?;
        let mut acknowledged = 0;
        while acknowledged < DOCUMENTS * EDITS {
            let Frame::Answers(answers) = writer.ears.hear().await? else { continue };
            ensure!(answers.iter().all(|answer| matches!(answer, Answer::Ack(_))), "every edit is taken");
            acknowledged += answers.len();
        }
    }
    let (mut requests, mut times) = (Vec::new(), Vec::new());
    for _ in 0..rounds * 4 {
        let mut reader = door.enter(ReplicaId::from_bytes(chance::bytes())).await?;
        let mut changed = BTreeSet::new();
        let began = Instant::now();
        let asked = reader
            .catch_up(counter / 2, |page| {
                for stretch in page.stretches {
                    if let Stretch::Run(entries) = stretch {
                        changed.extend(entries.iter().map(|entry| entry.draft.document));
                    }
                }
                Ok(())
            })
            .await?;
        times.push(began.elapsed().as_secs_f64() * 1e3);
        requests.push(asked as f64);
        ensure!(changed.len() == DOCUMENTS, "every changed document came");
    }
    let what = "requests to catch up with 1,000 changed documents";
    Figure { group: "relay", what, unit: "requests", ours: median(requests) }.at_most(1.0);
    let what = "catching up with 1,000 changed documents";
    Figure { group: "relay", what, unit: "ms", ours: median(times) }.at_most(50.0);
    Ok(())
}
