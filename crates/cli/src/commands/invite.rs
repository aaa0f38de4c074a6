//! `sheaf invite`: a link by which one more person joins the team.

use std::fmt;

use serde::Serialize;
use sheaf_protocol::entry::Millis;

use crate::connection::account;
use crate::failure::Failure;
use crate::output::{Output, moment};
use crate::place::Place;

#[derive(Serialize)]
struct Invited {
    link: String,
    expires_at: Millis,
}

impl fmt::Display for Invited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.link)
    }
}

pub(super) async fn run(place: &Place, output: Output) -> Result<(), Failure> {
    let replica = place.write().await?;
    let invited = match account(&replica, place).await {
        Ok(account) => account.invite().await.map_err(Failure::from),
        Err(failure) => Err(failure),
    };
    replica.stop().await;
    let invited = invited?;
    if !output.json {
        // The link alone is the report, so that it can be handed on by a pipe.
        let until = moment(invited.expires_at);
        output.whisper(&format!("Good for one person, until {until} UTC. Whoever has it can join."));
    }
    output.print(&Invited { link: invited.link.expose().to_owned(), expires_at: invited.expires_at })
}
