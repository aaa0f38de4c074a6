//! `sheaf publish`: brings this workspace to a relay, with everything that it holds.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use sheaf_client::keychain::{SystemKeychain, Vault};
use sheaf_client::{publish, team};

use super::asking::{self, Purpose};
use crate::args::Publish;
use crate::connection::{bring_along, until_synced};
use crate::failure::{Exit, Failure};
use crate::output::{Output, count};
use crate::place::Place;

#[derive(Serialize)]
struct Published {
    workspace: String,
    relay: String,
    documents: u64,
}

impl fmt::Display for Published {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} at {}, and here as before.", count(self.documents, "document"), self.relay)
    }
}

pub(super) async fn run(args: Publish, place: &Place, output: Output) -> Result<(), Failure> {
    let alone = place.write().await?;
    if alone.setting(team::RELAY).await?.is_some() {
        let sentence = "A relay holds this workspace already. Send what waits with sheaf sync.";
        return Err(Failure::new(Exit::Refused, sentence));
    }
    let insist = asking::insist(&args.person);
    let link = asking::link(args.link)?;
    let who = asking::enrolment(args.person, Purpose::Join, place)?;
    let (profile, vault) = (place.profile()?, Vault::open(SystemKeychain).await);
    let (account, _) =
        publish::begin(&alone, &profile, &link, insist, who, vault.clone(), &place.clock).await?;
    asking::warn_of_forgetting(&vault, output);
    alone.stop().await;

    let replica = place.write().await?;
    let brought = bring_along(&replica, place).await;
    replica.connect(team::relay(&account));
    let synced = until_synced(&replica, Duration::from_secs(args.within)).await;
    let documents = replica.documents().await?.len() as u64;
    let workspace = replica.identity().workspace.to_string();
    replica.stop().await;
    synced.and(brought)?;
    output.print(&Published { workspace, relay: account.api().address().to_string(), documents })
}
