//! What a field may hold, as pure functions for both ends. Lengths are in characters, as people count.

use crate::problem::Code;
use crate::secret::Secret;

/// A field that is out of its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {}", code.name())]
pub struct Fault {
    /// Its name in the JSON.
    pub field: &'static str,
    /// [`Code::FIELD`], [`Code::FIELD_SHORT`] or [`Code::FIELD_LONG`].
    pub code: Code,
}

const NAME: (usize, usize) = (1, 80);
/// The longest address that mail can carry (RFC 5321, 4.5.3.1, less the angle brackets).
const EMAIL: usize = 254;
pub(super) const PASSWORD: (usize, usize) = (10, 256);
/// At least 128 bits as letters; ours are 256 bits.
const SECRET: (usize, usize) = (22, 128);

/// Checks a person's name: 1 to 80 characters, none of them a control character, not only blanks.
///
/// # Errors
/// The field `name` and why.
pub fn check_name(name: &str) -> Result<(), Fault> {
    check_label("name", name)
}

/// Checks a device's name, by the rules of a person's.
///
/// # Errors
/// The field `device` and why.
pub fn check_device_name(name: &str) -> Result<(), Fault> {
    check_label("device", name)
}

/// Checks that an address could be one: `someone@somewhere`, at most 254 bytes, no blanks. Whether it is one, only mail tells.
///
/// # Errors
/// The field `email` and why.
pub fn check_email(email: &str) -> Result<(), Fault> {
    let field = "email";
    if email.len() > EMAIL {
        return Err(Fault { field, code: Code::FIELD_LONG });
    }
    let plausible = email
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    let printable = email.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if plausible && printable { Ok(()) } else { Err(Fault { field, code: Code::FIELD }) }
}

/// Checks a new password: 10 to 256 characters, any of them.
///
/// # Errors
/// The field `password` and why.
pub fn check_password(password: &Secret) -> Result<(), Fault> {
    within("password", password.expose(), PASSWORD)
}

/// Checks a secret made by chance (an invitation, a refresh secret): 22 to 128 letters, digits, `-` and `_`.
///
/// # Errors
/// The field and why.
pub fn check_secret(field: &'static str, secret: &Secret) -> Result<(), Fault> {
    within(field, secret.expose(), SECRET)?;
    let safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if secret.expose().bytes().all(safe) { Ok(()) } else { Err(Fault { field, code: Code::FIELD }) }
}

fn check_label(field: &'static str, text: &str) -> Result<(), Fault> {
    within(field, text.trim(), NAME)?;
    at_most(field, text, NAME.1)?;
    if text.chars().any(char::is_control) { Err(Fault { field, code: Code::FIELD }) } else { Ok(()) }
}

fn within(field: &'static str, text: &str, (least, most): (usize, usize)) -> Result<(), Fault> {
    if text.chars().take(least).count() < least {
        return Err(Fault { field, code: Code::FIELD_SHORT });
    }
    at_most(field, text, most)
}

/// Checks that a text is not too long.
pub(super) fn at_most(field: &'static str, text: &str, most: usize) -> Result<(), Fault> {
    if text.chars().nth(most).is_some() { Err(Fault { field, code: Code::FIELD_LONG }) } else { Ok(()) }
}
