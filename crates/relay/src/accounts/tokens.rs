//! Access tokens: JWTs signed with Ed25519, ten minutes long.
//!
//! Algorithm, issuer, audience and key id are fixed: whatever else a token claims about itself is refused.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sheaf_document::ids::{DeviceId, PersonId, WorkspaceId};
use sheaf_protocol::entry::Millis;
use sheaf_protocol::secret::Secret;

use crate::keys::Keys;
use crate::storage::Scope;

/// How long a token is good for.
pub const LIFETIME_MS: Millis = 10 * 60 * 1000;
const ISSUER: &str = "sheaf-relay";
const AUDIENCE: &str = "sheaf";

/// Whom a token speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The person and the workspace.
    pub scope: Scope,
    /// The device.
    pub device: DeviceId,
}

/// Makes and checks access tokens.
pub struct Tokens {
    signing: EncodingKey,
    verifying: DecodingKey,
    header: Header,
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: PersonId,
    device: DeviceId,
    workspace: WorkspaceId,
    /// Seconds since 1970.
    exp: u64,
}

impl Tokens {
    /// Takes the keys. The process's crypto provider must be installed ([`crate::install_crypto`]).
    pub fn new(keys: &Keys) -> Self {
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(blake3::hash(&keys.verifying).to_hex().chars().take(16).collect());
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = 5;
        Self {
            signing: EncodingKey::from_ed_der(&keys.signing),
            verifying: DecodingKey::from_ed_der(&keys.verifying),
            header,
            validation,
        }
    }

    /// Makes a token for a signed-in device; `None` if the key cannot sign.
    pub fn issue(&self, bearer: Bearer, now: Millis) -> Option<Secret> {
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: bearer.scope.person,
            device: bearer.device,
            workspace: bearer.scope.workspace,
            exp: (now + LIFETIME_MS) / 1000,
        };
        jsonwebtoken::encode(&self.header, &claims, &self.signing).ok().map(Secret::new)
    }

    /// Returns whom a token speaks for; `None` for anything but a valid, unexpired token of this relay.
    pub fn check(&self, token: &Secret) -> Option<Bearer> {
        let token = jsonwebtoken::decode::<Claims>(token.expose(), &self.verifying, &self.validation).ok()?;
        (token.header.kid == self.header.kid).then_some(Bearer {
            scope: Scope { workspace: token.claims.workspace, person: token.claims.sub },
            device: token.claims.device,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::folder::Folder;

    fn bearer() -> Bearer {
        Bearer {
            scope: Scope {
                workspace: WorkspaceId::from_bytes([1; 16]),
                person: PersonId::from_bytes([2; 16]),
            },
            device: DeviceId::from_bytes([3; 16]),
        }
    }

    fn relay() -> (tempfile::TempDir, Tokens) {
        crate::install_crypto();
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::create(dir.path()).unwrap();
        Keys::create_missing(&folder).unwrap();
        let tokens = Tokens::new(&Keys::load(&folder).unwrap());
        (dir, tokens)
    }

    #[test]
    fn a_token_speaks_for_its_bearer_until_it_expires() {
        let (_dir, tokens) = relay();
        let now = clock::now();
        let fresh = tokens.issue(bearer(), now).unwrap();
        assert_eq!(tokens.check(&fresh), Some(bearer()));
        let old = tokens.issue(bearer(), now - LIFETIME_MS - 6_000).unwrap();
        assert_eq!(tokens.check(&old), None, "ten minutes and the leeway have passed");
    }

    #[test]
    fn tokens_of_another_relay_or_without_a_signature_are_nothing() {
        let ((_a, ours), (_b, theirs)) = (relay(), relay());
        let token = theirs.issue(bearer(), clock::now()).unwrap();
        assert_eq!(ours.check(&token), None, "another key signed it");
        let unsigned = Secret::new("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.");
        assert_eq!(ours.check(&unsigned), None, "the algorithm is not the token's choice");
    }
}
