//! The relay's figures. Where there is a limit it is a bare broadcast in the same run, in turn with the relay, round by
//! round: absolute times are this machine's, the ratios are the result.
//!
//! `cargo bench -p sheaf-stories --bench relay [-- rounds [name …]]` plays 5 rounds of everything, or so many of these:
//! `latency`, `cost`, `saturation`, `long`, `many`, `idle`.

mod bare;
mod door;
mod fanout;
mod idle;
mod long;
mod many;
mod paced;
mod saturation;
mod server;
mod team;
mod wire;

use server::Kind;

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let (rounds, names) = match arguments.as_slice() {
        [what, data] if what == "serve-bare" => return server::serve(Kind::Bare, data),
        [what, data] if what == "serve-relay" => return server::serve(Kind::Relay, data),
        [rounds, names @ ..] => (rounds.parse()?, names),
        [] => (5, &[][..]),
    };
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    tokio::runtime::Runtime::new()?.block_on(async {
        if wanted("latency") {
            fanout::latency(rounds).await?;
        }
        if wanted("cost") {
            fanout::cost(rounds).await?;
        }
        if wanted("saturation") {
            saturation::measure().await?;
        }
        if wanted("long") {
            long::measure(rounds).await?;
        }
        if wanted("many") {
            many::measure(rounds).await?;
        }
        if wanted("idle") {
            idle::measure().await?;
        }
        Ok(())
    })
}
