//! What a connection costs that says nothing, in the server's resident memory.

use sheaf_client::chance;
use sheaf_document::ids::ReplicaId;
use sheaf_stories::figure::Figure;

use super::door::Door;
use super::server::{Kind, Server};

/// Connections that are there before it is measured: what a server sets up once is not theirs.
const FIRST: usize = 100;
const CONNECTIONS: usize = 1_000;

/// Connects many replicas that follow and say nothing.
pub async fn measure() -> anyhow::Result<()> {
    let server = Server::start(Kind::Relay)?;
    let door = Door::find(&server).await?;
    let mut lines = Vec::new();
    let mut connect = async |count| -> anyhow::Result<u64> {
        for _ in 0..count {
            lines.push(door.follow(ReplicaId::from_bytes(chance::bytes())).await?);
        }
        server.memory()
    };
    let before = connect(FIRST).await?;
    let after = connect(CONNECTIONS).await?;
    let each = after.saturating_sub(before) as f64 / CONNECTIONS as f64 / 1e3;
    Figure { group: "relay", what: "memory of an idle connection", unit: "kB", ours: each }.at_most(12.0);
    Ok(())
}
