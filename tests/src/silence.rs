//! What must not stand in a log, by its shape: a story does not learn the secrets that programs make for themselves.

/// How each access token begins: `{"` in base64.
pub const ACCESS_TOKEN: &str = "eyJ";

/// A refresh secret is so many digits of base 16.
const REFRESH_SECRET: usize = 64;

/// Returns the first thing in a log that has the shape of a refresh secret.
pub fn refresh_secret(log: &str) -> Option<&str> {
    log.split(|letter: char| !letter.is_ascii_hexdigit()).find(|word| word.len() == REFRESH_SECRET)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_secret_is_known_by_its_shape() {
        let secret = "0f".repeat(32);
        let log = format!("INFO refreshing with \"{secret}\"");
        assert_eq!(refresh_secret(&log), Some(secret.as_str()), "wherever it stands");
        assert_eq!(refresh_secret("018f3c6a-7a1e-7000-8000-000000000001"), None, "an id is none");
    }
}
