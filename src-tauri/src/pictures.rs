//! Pictures for the page, under a scheme of their own: `sheaf-file://localhost/HASH`.
//!
//! Only what lies on the shelf of the workspace that is open, only by its hash, only what its bytes say is a picture that may
//! be shown. So whatever a document or a colleague says of a file, nothing that could run comes this way, and the page gets
//! nothing else by it. Every answer forbids whatever a browser might make of it beyond that.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use sheaf_client::files::look;
use sheaf_document::ids::ContentHash;
use sheaf_protocol::rest::Hex;
use tauri::http::{Method, Request, Response, StatusCode, header};
use tauri::{AppHandle, Manager as _, UriSchemeContext, UriSchemeResponder, Wry, async_runtime};
use tokio::task::spawn_blocking;

use crate::shell::Shell;
use crate::window;

/// The scheme; the content security policy names it too.
pub const SCHEME: &str = "sheaf-file";

/// Answers one request of the page.
pub fn serve(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let hash = asked(context.webview_label(), &request);
    let app = context.app_handle().clone();
    async_runtime::spawn(async move {
        let answer = match hash {
            Some(hash) => picture(&app, hash).await,
            None => refuse(StatusCode::NOT_FOUND),
        };
        responder.respond(answer);
    });
}

/// Returns what the page asks for, if it is our page and asks as it does.
fn asked(webview: &str, request: &Request<Vec<u8>>) -> Option<ContentHash> {
    let is_ours = webview == window::MAIN && request.method() == Method::GET;
    let name = request.uri().path().strip_prefix('/').filter(|_| is_ours)?;
    let hash: Hex<32> = name.parse().ok()?;
    Some(hash.into())
}

async fn picture(app: &AppHandle, hash: ContentHash) -> Response<Cow<'static, [u8]>> {
    let Some(shell) = app.try_state::<Shell>() else { return refuse(StatusCode::NOT_FOUND) };
    let Ok(seat) = shell.seat().await else { return refuse(StatusCode::NOT_FOUND) };
    let path = seat.replica.file_path(hash);
    match spawn_blocking(move || read(&path)).await {
        Ok(Ok(Some((media, bytes)))) => answer(StatusCode::OK, &media, bytes),
        Ok(Ok(None)) => refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE),
        _ => refuse(StatusCode::NOT_FOUND),
    }
}

/// Reads a picture that may be shown; what may be is not longer than what may be in memory.
fn read(path: &Path) -> io::Result<Option<(String, Vec<u8>)>> {
    let seen = look(path)?;
    if !seen.may_be_shown() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(seen.size).read_to_end(&mut bytes)?;
    Ok(Some((seen.media, bytes)))
}

fn refuse(status: StatusCode) -> Response<Cow<'static, [u8]>> {
    answer(status, "text/plain", Vec::new())
}

fn answer(status: StatusCode, media: &str, bytes: Vec<u8>) -> Response<Cow<'static, [u8]>> {
    let cached = if status == StatusCode::OK { "private, max-age=31536000, immutable" } else { "no-store" };
    let made = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, media)
        .header(header::CACHE_CONTROL, cached)
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'")
        .header(header::CONTENT_DISPOSITION, if status == StatusCode::OK { "inline" } else { "attachment" })
        .body(Cow::Owned(bytes));
    // Only headers that are none could fail, and these are ours.
    made.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(webview: &str, method: Method, address: &str) -> Option<ContentHash> {
        asked(webview, &Request::builder().method(method).uri(address).body(Vec::new()).unwrap())
    }

    #[test]
    fn a_picture_is_asked_for_by_its_hash_and_by_our_page_only() {
        let hash = ContentHash::of(b"harbour at dawn");
        let address = format!("sheaf-file://localhost/{}", Hex::from(hash));
        assert_eq!(ask("main", Method::GET, &address), Some(hash));
        assert_eq!(ask("other", Method::GET, &address), None, "another window has none of it");
        assert_eq!(ask("main", Method::POST, &address), None);
        for wrong in ["", "/", "/..%2f..%2fetc%2fpasswd", "/../sheaf.db", "/ab/cd"] {
            assert_eq!(ask("main", Method::GET, &format!("sheaf-file://localhost{wrong}")), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_no_picture_is_not_handed_over_whatever_it_is_called() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("picture.png");
        std::fs::write(&path, "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>").unwrap();
        assert!(read(&path).unwrap().is_none(), "it could run");
        std::fs::write(&path, b"GIF89a\x01\0\x01\0\0\0\0;").unwrap();
        let (media, bytes) = read(&path).unwrap().expect("one dot is a picture");
        assert_eq!((media.as_str(), bytes.len()), ("image/gif", 14));
        let answer = answer(StatusCode::OK, &media, bytes);
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["content-security-policy"], "sandbox; default-src 'none'");
    }
}
