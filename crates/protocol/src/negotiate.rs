//! What two ends of different age can speak with each other.
//!
//! The version is the highest that both know; from then on both write exactly that version's frames. Features are what
//! both have. Schemas must overlap: a replica that can show no document here should be renewed, not trusted to write.

use crate::frame::{Hello, Welcome};
use crate::limits::PROTOCOL_VERSION;
use crate::problem::Code;

/// Feature: pages may come packed ([`crate::pack`]).
pub const PACKED_PAGES: u64 = 1;

/// What one end speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The oldest and newest protocol version.
    pub versions: (u16, u16),
    /// Feature bits.
    pub features: u64,
    /// The oldest and newest document schema.
    pub schemas: (u16, u16),
}

impl Offer {
    /// Returns what this build speaks, with these schemas.
    pub const fn ours(schemas: (u16, u16)) -> Self {
        Self { versions: (PROTOCOL_VERSION, PROTOCOL_VERSION), features: PACKED_PAGES, schemas }
    }

    /// Returns what both ends can speak: the relay's side of it.
    ///
    /// # Errors
    /// [`Code::PROTOCOL`] for an offer that is upside down, [`Code::VERSION`] when there is nothing in common.
    pub fn agree(&self, other: &Self) -> Result<Agreed, Code> {
        let upside_down =
            |offer: &Self| offer.versions.0 > offer.versions.1 || offer.schemas.0 > offer.schemas.1;
        if upside_down(self) || upside_down(other) {
            return Err(Code::PROTOCOL);
        }
        let (_, version) = overlap(self.versions, other.versions).ok_or(Code::VERSION)?;
        let schemas = overlap(self.schemas, other.schemas).ok_or(Code::VERSION)?;
        Ok(Agreed { version, features: self.features & other.features, schemas })
    }

    /// Says whether what a relay's welcome tells can have come of this offer: the replica's side of it.
    pub fn allows(&self, agreed: &Agreed) -> bool {
        let within = |inner: (u16, u16), outer: (u16, u16)| overlap(inner, outer) == Some(inner);
        within((agreed.version, agreed.version), self.versions)
            && within(agreed.schemas, self.schemas)
            && agreed.features & !self.features == 0
    }
}

impl From<&Hello> for Offer {
    fn from(hello: &Hello) -> Self {
        Self { versions: hello.versions, features: hello.features, schemas: hello.schemas }
    }
}

impl From<&Welcome> for Agreed {
    fn from(welcome: &Welcome) -> Self {
        Self { version: welcome.version, features: welcome.features, schemas: welcome.schemas }
    }
}

/// What both ends speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// The protocol version.
    pub version: u16,
    /// Feature bits.
    pub features: u64,
    /// The oldest and newest schema that both know.
    pub schemas: (u16, u16),
}

/// Returns what two ranges share.
fn overlap(a: (u16, u16), b: (u16, u16)) -> Option<(u16, u16)> {
    let shared = (a.0.max(b.0), a.1.min(b.1));
    (shared.0 <= shared.1).then_some(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(versions: (u16, u16), features: u64, schemas: (u16, u16)) -> Offer {
        Offer { versions, features, schemas }
    }

    #[test]
    fn two_ends_speak_the_newest_version_that_both_know() {
        let agreed = offer((1, 3), 0b110, (1, 4)).agree(&offer((2, 5), 0b011, (3, 9)));
        assert_eq!(
            agreed,
            Ok(Agreed { version: 3, features: 0b010, schemas: (3, 4) }),
            "each side gives what it has, the overlap is spoken"
        );
    }

    #[test]
    fn a_replica_holds_the_relay_to_what_was_offered() {
        let ours = offer((1, 3), 0b110, (1, 4));
        let agreed = ours.agree(&offer((2, 5), 0b011, (3, 9))).unwrap();
        assert!(ours.allows(&agreed), "an honest relay answers within the offer");
        assert!(!ours.allows(&Agreed { version: 4, ..agreed }), "a version that we do not speak");
        assert!(!ours.allows(&Agreed { features: 0b011, ..agreed }), "a feature that we do not have");
        assert!(!ours.allows(&Agreed { schemas: (3, 5), ..agreed }), "a schema that we do not know");
    }

    #[test]
    fn ends_without_a_common_version_or_schema_part() {
        let ours = offer((2, 3), 0, (2, 2));
        assert_eq!(ours.agree(&offer((4, 5), 0, (2, 2))), Err(Code::VERSION), "no version in common");
        assert_eq!(ours.agree(&offer((2, 2), 0, (1, 1))), Err(Code::VERSION), "no schema in common");
        assert_eq!(
            ours.agree(&offer((3, 2), 0, (2, 2))),
            Err(Code::PROTOCOL),
            "an upside-down range is a mistake"
        );
    }
}
