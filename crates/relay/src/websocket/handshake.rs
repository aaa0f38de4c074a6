//! The opening handshake: is this a WebSocket request, and from whom?
//!
//! Browsers send cookies and reach loopback from any page, so a request that names an origin must name one that is ours:
//! the app's own windows, or the relay's own address. Programs name none.

use aws_lc_rs::digest;
use axum::http::{HeaderMap, HeaderName, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// RFC 6455, section 1.3.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
/// What the app's windows call themselves on the three systems.
const APP_ORIGINS: [&str; 3] = ["tauri://localhost", "http://tauri.localhost", "https://tauri.localhost"];

/// Why a request is not upgraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfit {
    /// It is no WebSocket request, or one of another version.
    NotWebSocket,
    /// A page from elsewhere made it.
    ForeignOrigin,
}

/// Checks an upgrade request and returns the `Sec-WebSocket-Accept` that answers it.
pub fn accept(headers: &HeaderMap, own_origin: &str) -> Result<String, Unfit> {
    if let Some(origin) = headers.get(header::ORIGIN) {
        let ours = APP_ORIGINS
            .iter()
            .copied()
            .chain([own_origin])
            .any(|known| origin.as_bytes() == known.as_bytes());
        if !ours {
            return Err(Unfit::ForeignOrigin);
        }
    }
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or(Unfit::NotWebSocket)?.as_bytes();
    let fits = names(headers, header::UPGRADE, "websocket")
        && names(headers, header::CONNECTION, "upgrade")
        && names(headers, header::SEC_WEBSOCKET_VERSION, "13")
        && STANDARD.decode(key).is_ok_and(|bytes| bytes.len() == 16);
    if !fits {
        return Err(Unfit::NotWebSocket);
    }
    let mut sha1 = digest::Context::new(&digest::SHA1_FOR_LEGACY_USE_ONLY);
    sha1.update(key);
    sha1.update(GUID);
    Ok(STANDARD.encode(sha1.finish()))
}

/// Says whether a comma-separated header has this word, in any case.
fn names(headers: &HeaderMap, name: HeaderName, word: &str) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| part.trim().eq_ignore_ascii_case(word))
}
