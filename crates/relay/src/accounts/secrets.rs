//! Random secrets in links and on devices: 256 bits, shown once, kept as a hash.
//!
//! A plain hash is enough for them, for nobody can guess 256 random bits; passwords need more (`passwords`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sheaf_protocol::secret::Secret;

use crate::clock;
use crate::error::Result;

/// Makes a secret: 43 letters and digits that need no escaping in a link.
pub fn fresh() -> Result<Secret> {
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(clock::chance::<32>()?)))
}
