//! Argon2id in a bounded pool.
//!
//! One hash takes 19 MiB and tens of milliseconds on purpose, so only [`AT_ONCE`] run at a time and only [`WAITING`]
//! more may wait; the rest are told to come back. An unknown account costs the same hash as a known one, so that
//! neither answer nor time tells whether it exists.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use sheaf_protocol::secret::Secret;
use tokio::sync::Semaphore;

/// Hashes that run at the same time.
const AT_ONCE: usize = 2;
/// Requests that may wait for one of them.
const WAITING: usize = 30;

/// Too many people are signing in at this moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

/// The pool.
pub struct Passwords {
    running: Arc<Semaphore>,
    admitted: Arc<Semaphore>,
    /// A hash that no password fits, of the same cost as a real one.
    nobody: String,
}

impl Passwords {
    /// Makes the pool.
    pub fn new() -> Self {
        Self {
            running: Arc::new(Semaphore::new(AT_ONCE)),
            admitted: Arc::new(Semaphore::new(AT_ONCE + WAITING)),
            nobody: "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                .into(),
        }
    }

    /// Hashes a new password to a PHC string.
    pub async fn hash(&self, password: Secret) -> Result<String, Busy> {
        self.run(move || {
            argon2().hash_password(password.expose().as_bytes()).map(|hash| hash.to_string()).ok()
        })
        .await?
        .ok_or(Busy)
    }

    /// Says whether a password fits the stored hash; `None` is an account that does not exist.
    pub async fn verify(&self, password: Secret, stored: Option<String>) -> Result<bool, Busy> {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| self.nobody.clone());
        let fits = self
            .run(move || argon2().verify_password(password.expose().as_bytes(), stored.as_str()).is_ok())
            .await?;
        Ok(fits && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let _admitted = self.admitted.clone().try_acquire_owned().map_err(|_| Busy)?;
        let running = self.running.clone().acquire_owned().await.map_err(|_| Busy)?;
        // The permit goes along: a request that is given up does not make room for another hash before its own ends.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(running);
            result
        });
        done.await.map_err(|_| Busy)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD;

    use super::*;

    #[test]
    fn the_cost_is_what_the_rules_ask_for() {
        let params = Params::default();
        assert_eq!(
            (params.m_cost(), params.t_cost(), params.p_cost()),
            (19_456, 2, 1),
            "the crate's default is the minimum that the security notes name; a change must be noticed"
        );
    }

    #[test]
    fn an_unknown_account_costs_the_hash_of_a_known_one() {
        let Passwords { nobody, .. } = Passwords::new();
        let real = argon2().hash_password(b"correct horse").unwrap().to_string();
        let form = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(form(&nobody), form(&real), "the same algorithm, version and cost");
        // With the hash that belongs behind nobody's salt, its form is one that is computed and not refused at sight.
        let mut output = [0; 32];
        argon2().hash_password_into(b"correct horse", b"nobody-nobody", &mut output).unwrap();
        let (head, _) = nobody.rsplit_once('$').unwrap();
        let opened = format!("{head}${}", STANDARD_NO_PAD.encode(output));
        assert_eq!(opened.len(), nobody.len());
        assert!(argon2().verify_password(b"correct horse", opened.as_str()).is_ok());
    }

    #[tokio::test]
    async fn imkes_password_opens_imkes_account_and_nothing_else() {
        let passwords = Passwords::new();
        let imke = passwords.hash(Secret::new("correct horse")).await.unwrap();
        assert!(passwords.verify(Secret::new("correct horse"), Some(imke.clone())).await.unwrap());
        assert!(!passwords.verify(Secret::new("wrong horse"), Some(imke)).await.unwrap());
        let unknown = passwords.verify(Secret::new("correct horse"), None).await.unwrap();
        assert!(!unknown, "an unknown account never opens, though it costs the same hash");
    }

    #[tokio::test]
    async fn a_crowd_at_the_door_is_told_to_come_back() {
        let passwords = Passwords::new();
        let _crowd = passwords.admitted.clone().acquire_many_owned((AT_ONCE + WAITING) as u32).await.unwrap();
        let answer = passwords.verify(Secret::new("correct horse"), None).await;
        assert_eq!(answer, Err(Busy), "the queue is bounded: memory is 19 MiB for each that runs");
    }
}
