//! How often one may try: per network address, per account from one address, and all together.
//!
//! An address counts by its neighbourhood (/24, or /64 for IPv6), for one household has many. A stranger must not be
//! able to close somebody's account, or everybody's door, by guessing at it. So an account's tries are counted for each
//! neighbourhood apart; and what is counted over all of them does not count where somebody proved lately who they are.
//! Who signs in from elsewhere while a whole network of machines guesses has to ask more often: that much is the price
//! of bounding the guesses.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

/// How long a neighbourhood counts as known after somebody proved there who they are.
const KNOWN: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// As many neighbourhoods are known; a team has fewer.
const NEIGHBOURHOODS: usize = 10_000;

/// How many tries may come at once and how fast they come back.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Tries at once.
    pub burst: u32,
    /// One more after each such pause.
    pub every: Duration,
}

/// The rates of a relay.
#[derive(Debug, Clone, Copy)]
pub struct Rates {
    /// For one address's neighbourhood.
    pub address: Rate,
    /// For one account from one neighbourhood.
    pub account: Rate,
    /// For one account from all neighbourhoods that are not known.
    pub anywhere: Rate,
    /// For all accounts from all neighbourhoods that are not known.
    pub all: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            address: Rate { burst: 30, every: Duration::from_secs(2) },
            account: Rate { burst: 10, every: Duration::from_secs(6) },
            anywhere: Rate { burst: 100, every: Duration::from_secs(3) },
            all: Rate { burst: 200, every: Duration::from_millis(50) },
        }
    }
}

/// Counts tries.
pub struct Limits {
    address: DefaultKeyedRateLimiter<IpAddr>,
    account: DefaultKeyedRateLimiter<(String, IpAddr)>,
    anywhere: DefaultKeyedRateLimiter<String>,
    all: DefaultDirectRateLimiter,
    /// Where somebody proved who they are, and when last.
    known: Mutex<BTreeMap<IpAddr, Instant>>,
}

impl Limits {
    /// Starts counting.
    pub fn new(rates: Rates) -> Self {
        Self {
            address: RateLimiter::keyed(quota(rates.address)),
            account: RateLimiter::keyed(quota(rates.account)),
            anywhere: RateLimiter::keyed(quota(rates.anywhere)),
            all: RateLimiter::direct(quota(rates.all)),
            known: Mutex::default(),
        }
    }

    /// Counts a try from an address; when it is one too many, returns how long to wait.
    pub fn try_from(&self, address: IpAddr) -> Result<(), Duration> {
        let from = neighbourhood(address);
        keyed(&self.address, &from)?;
        if self.is_known(from) {
            return Ok(());
        }
        self.all.check().map_err(|early| early.wait_time_from(DefaultClock::default().now()))
    }

    /// Counts a try at an account from an address, whether or not the account exists.
    pub fn try_account(&self, email: &str, address: IpAddr) -> Result<(), Duration> {
        let at = (email.trim().to_lowercase(), neighbourhood(address));
        keyed(&self.account, &at)?;
        let (email, from) = at;
        if self.is_known(from) { Ok(()) } else { keyed(&self.anywhere, &email) }
    }

    /// Notes that somebody at this address has proven who they are.
    pub fn welcome(&self, address: IpAddr) {
        let from = neighbourhood(address);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() < NEIGHBOURHOODS || known.contains_key(&from) {
            known.insert(from, Instant::now());
        }
    }

    /// Forgets whom there is nothing to remember about; called now and then.
    pub fn tidy(&self) {
        self.address.retain_recent();
        self.account.retain_recent();
        self.anywhere.retain_recent();
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, last| last.elapsed() < KNOWN);
    }

    fn is_known(&self, neighbourhood: IpAddr) -> bool {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&neighbourhood)
    }
}

fn quota(rate: Rate) -> Quota {
    let burst = NonZeroU32::new(rate.burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(rate.every).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

fn keyed<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Duration> {
    limiter.check_key(key).map_err(|early| early.wait_time_from(DefaultClock::default().now()))
}

/// Returns the first address of the /24 or /64 that this one lies in.
pub fn neighbourhood(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4((v4.to_bits() & 0xffff_ff00).into()),
        IpAddr::V6(v6) => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_limit_and_strangers_do_not() {
        let slow = Rate { burst: 2, every: Duration::from_secs(3600) };
        let limits = Limits::new(Rates { address: slow, ..Rates::default() });
        let from = |text: &str| limits.try_from(text.parse().unwrap());
        assert!(from("192.0.2.1").is_ok() && from("192.0.2.200").is_ok());
        assert!(from("192.0.2.7").is_err(), "the third try from one /24");
        assert!(from("::ffff:192.0.2.9").is_err(), "the same network, written the IPv6 way");
        assert!(from("198.51.100.1").is_ok(), "another network pays nothing for it");
    }

    #[test]
    fn a_guesser_slows_only_their_own_neighbourhood() {
        let slow = Rate { burst: 1, every: Duration::from_secs(3600) };
        let limits = Limits::new(Rates { account: slow, ..Rates::default() });
        let guess = |email: &str, from: &str| limits.try_account(email, from.parse().unwrap());
        assert!(guess("imke@example.org", "2001:db8:0:1::7").is_ok());
        let again = guess(" Imke@Example.org", "2001:db8:0:1::8");
        assert!(again.is_err(), "however it is written, and from whichever address of theirs");
        assert!(guess("imke@example.org", "192.0.2.1").is_ok(), "Imke herself is not kept out by it");
    }

    #[test]
    fn a_thousand_guessers_cannot_lock_a_door_that_somebody_came_through() {
        let slow = Rate { burst: 3, every: Duration::from_secs(3600) };
        let limits = Limits::new(Rates { anywhere: slow, all: slow, ..Rates::default() });
        let home = "192.0.2.1".parse().unwrap();
        limits.welcome(home);
        let at_the_door =
            |from| limits.try_from(from).and_then(|()| limits.try_account("imke@example.org", from));
        let guessed = (0..=250).filter(|net| at_the_door([198, 51, *net, 1].into()).is_ok()).count();
        assert_eq!(guessed, 3, "all of them together have so many guesses");
        assert!(at_the_door(home).is_ok(), "where she signed in before she still may");
    }
}
