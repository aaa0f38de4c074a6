//! What a person is asked at a terminal, or tells in the environment, before a relay takes them.

use std::env;
use std::io::{self, BufRead as _, Write as _};

use sheaf_client::account::{Enrolment, Insist};
use sheaf_client::keychain::Vault;
use sheaf_protocol::secret::Secret;

use super::is_asking_possible;
use crate::args::Person;
use crate::failure::{Exit, Failure};
use crate::output::Output;
use crate::place::Place;

/// Why somebody is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// They make an account.
    Join,
    /// They have one.
    SignIn,
}

/// Returns who sits here, asking for what was not told.
pub(super) fn enrolment(args: Person, purpose: Purpose, place: &Place) -> Result<Enrolment, Failure> {
    let name = match purpose {
        Purpose::Join => told_or_asked(args.name, "Your name", "--name")?,
        Purpose::SignIn => String::new(),
    };
    Ok(Enrolment {
        name,
        email: told_or_asked(args.email, "Your e-mail address", "--email")?,
        password: password(purpose)?,
        device: place.profile()?.device(&place.clock)?,
        device_name: args.device_name,
    })
}

/// Returns what a person insists on.
pub(super) fn insist(args: &Person) -> Insist {
    if args.insecure_http { Insist::AnyRelay } else { Insist::Encrypted }
}

/// Returns a link as it was told, or from standard input.
pub(super) fn link(told: String) -> Result<String, Failure> {
    if told == "-" { line() } else { Ok(told) }
}

/// Says so where nothing keeps the session.
pub(super) fn warn_of_forgetting(vault: &Vault, output: Output) {
    if let Some(trouble) = vault.trouble() {
        output.whisper(&format!(
            "Note: {trouble}, so the session ends with this command. sheaf sync signs in for each run when it finds \
             SHEAF_EMAIL and SHEAF_PASSWORD."
        ));
    }
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

fn password(purpose: Purpose) -> Result<Secret, Failure> {
    if let Ok(password) = env::var("SHEAF_PASSWORD") {
        return Ok(Secret::new(password));
    }
    if !is_asking_possible() {
        let sentence = "The password is missing, and there is nobody to ask: give it in SHEAF_PASSWORD.";
        return Err(Failure::new(Exit::Usage, sentence));
    }
    let password = rpassword::prompt_password("Password: ")?;
    if purpose == Purpose::Join && rpassword::prompt_password("The same again: ")? != password {
        return Err(Failure::new(Exit::Usage, "The two passwords differ. Nothing was changed; try again."));
    }
    Ok(Secret::new(password))
}

fn line() -> Result<String, Failure> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}
