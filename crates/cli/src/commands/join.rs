//! `sheaf join`: joins a team by an invitation, or signs in at its relay.

use std::fmt;

use serde::Serialize;
use sheaf_client::account::Account;
use sheaf_client::keychain::{SystemKeychain, Vault};
use sheaf_client::team;
use sheaf_protocol::rest::RelayAddress;

use super::asking::{self, Purpose};
use crate::args::Join;
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::place::Place;

#[derive(Serialize)]
struct Joined {
    workspace: String,
    relay: String,
    name: String,
    /// Whether the session outlives this command.
    remembered: bool,
}

impl fmt::Display for Joined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "You are in, {}: {}. Now fetch what there is with sheaf sync.", self.name, self.relay)
    }
}

pub(super) async fn run(args: Join, place: &Place, output: Output) -> Result<(), Failure> {
    let (purpose, insist) =
        (if args.sign_in { Purpose::SignIn } else { Purpose::Join }, asking::insist(&args.person));
    let link = asking::link(args.link)?;
    let who = asking::enrolment(args.person, purpose, place)?;
    let (profile, vault) = (place.profile()?, Vault::open(SystemKeychain).await);
    let (account, session) = if args.sign_in {
        let address = RelayAddress::parse(&link).map_err(|_| {
            Failure::new(
                Exit::Usage,
                "This is not the address of a relay. It looks like https://relay.example.org",
            )
        })?;
        Account::sign_in(address, insist, who, vault.clone(), profile.folder()).await?
    } else {
        Account::join(&link, insist, who, vault.clone(), profile.folder()).await?
    };
    let replica = team::settle(&profile, &account, &session, insist, &place.clock).await?;
    replica.stop().await;
    profile.remember(session.workspace, &place.clock)?;
    asking::warn_of_forgetting(&vault, output);
    output.print(&Joined {
        workspace: session.workspace.to_string(),
        relay: account.api().address().to_string(),
        name: session.name,
        remembered: vault.trouble().is_none(),
    })
}
