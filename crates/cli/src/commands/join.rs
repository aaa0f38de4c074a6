//! `sheaf join`: joins a team by an invitation, or signs in at its relay.

use std::env;
use std::fmt;
use std::io::{self, BufRead as _, Write as _};

use serde::Serialize;
use sheaf_client::account::{Account, Enrolment, Insist};
use sheaf_client::keychain::{SystemKeychain, Vault};
use sheaf_client::team;
use sheaf_protocol::rest::RelayAddress;
use sheaf_protocol::secret::Secret;

use super::is_asking_possible;
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
    let link = match args.link.as_str() {
        "-" => line()?,
        _ => args.link,
    };
    let insist = if args.insecure_http { Insist::AnyRelay } else { Insist::Encrypted };
    let name = if args.sign_in { String::new() } else { told_or_asked(args.name, "Your name", "--name")? };
    let email = told_or_asked(args.email, "Your e-mail address", "--email")?;
    let profile = place.profile()?;
    let who = Enrolment {
        name,
        email,
        password: password(!args.sign_in)?,
        device: profile.device(&place.clock)?,
        device_name: args.device_name,
    };
    let vault = Vault::open(SystemKeychain).await;
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
    if let Some(trouble) = vault.trouble() {
        output.whisper(&format!(
            "Note: {trouble}, so the session ends with this command. sheaf sync signs in for each run when it finds \
             SHEAF_EMAIL and SHEAF_PASSWORD."
        ));
    }
    output.print(&Joined {
        workspace: session.workspace.to_string(),
        relay: account.api().address().to_string(),
        name: session.name,
        remembered: vault.trouble().is_none(),
    })
}

fn told_or_asked(told: Option<String>, question: &str, flag: &str) -> Result<String, Failure> {
    match told {
        Some(answer) => Ok(answer),
        None if is_asking_possible() => {
            write!(io::stderr(), "{question}: ")?;
            line()
        }
        None => Err(Failure::new(
            Exit::Usage,
            format!("{question} is missing, and there is nobody to ask: give it with {flag}."),
        )),
    }
}

fn password(new: bool) -> Result<Secret, Failure> {
    if let Ok(password) = env::var("SHEAF_PASSWORD") {
        return Ok(Secret::new(password));
    }
    if !is_asking_possible() {
        let sentence = "The password is missing, and there is nobody to ask: give it in SHEAF_PASSWORD.";
        return Err(Failure::new(Exit::Usage, sentence));
    }
    let password = rpassword::prompt_password("Password: ")?;
    if new && rpassword::prompt_password("The same again: ")? != password {
        return Err(Failure::new(Exit::Usage, "The two passwords differ. Nothing was changed; try again."));
    }
    Ok(Secret::new(password))
}

fn line() -> Result<String, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
