//! How often one may try: per network address, per account, and all together.
//!
//! An address counts by its neighbourhood (/24, or /64 for IPv6), for one household has many. Limits delay, they never
//! lock anyone out: a stranger must not be able to close somebody's account by guessing at it.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

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
    /// For one account.
    pub account: Rate,
    /// For all together.
    pub all: Rate,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            address: Rate { burst: 30, every: Duration::from_secs(2) },
            account: Rate { burst: 10, every: Duration::from_secs(6) },
            all: Rate { burst: 200, every: Duration::from_millis(50) },
        }
    }
}

/// Counts tries.
pub struct Limits {
    address: DefaultKeyedRateLimiter<IpAddr>,
    account: DefaultKeyedRateLimiter<String>,
    all: DefaultDirectRateLimiter,
}

impl Limits {
    /// Starts counting.
    pub fn new(rates: Rates) -> Self {
        Self {
            address: RateLimiter::keyed(quota(rates.address)),
            account: RateLimiter::keyed(quota(rates.account)),
            all: RateLimiter::direct(quota(rates.all)),
        }
    }

    /// Counts a try from an address; when it is one too many, returns how long to wait.
    pub fn try_from(&self, address: IpAddr) -> Result<(), Duration> {
        keyed(&self.address, &neighbourhood(address))?;
        self.all.check().map_err(|early| early.wait_time_from(DefaultClock::default().now()))
    }

    /// Counts a try at an account, whether or not it exists.
    pub fn try_account(&self, email: &str) -> Result<(), Duration> {
        keyed(&self.account, &email.trim().to_lowercase())
    }

    /// Forgets whom there is nothing to remember about; called now and then.
    pub fn tidy(&self) {
        self.address.retain_recent();
        self.account.retain_recent();
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
    fn an_account_is_slowed_whoever_asks_and_however_it_is_written() {
        let slow = Rate { burst: 1, every: Duration::from_secs(3600) };
        let limits = Limits::new(Rates { account: slow, ..Rates::default() });
        assert!(limits.try_account("imke@example.org").is_ok());
        assert!(limits.try_account(" Imke@Example.org").is_err());
    }
}
