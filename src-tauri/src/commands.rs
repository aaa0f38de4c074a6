//! What the window may ask, one command each: decode, call the replica, encode.
//!
//! Every one is asynchronous, so that no disk is waited for on the main thread. Ids come in, never paths; nothing that is
//! secret goes out but an invitation, which somebody asked for to hand it on. `build.rs` and `capabilities/main.json` name these commands too; a test holds the three lists together.

pub mod device;
pub mod files;
pub mod search;
pub mod transfer;
pub mod tree;

use bytes::Bytes;
use sheaf_client::replica;
use sheaf_document::ids::DocumentId;
use sheaf_protocol::limits;
use tauri::ipc::{Channel, InvokeBody, InvokeResponseBody, Request, Response};
use tauri::{AppHandle, State};
use url::Url;

use crate::leaving::{self, Leaving};
use crate::shapes::{
    Invitation, JoinRequest, Members, Place, Problem, ProblemCode, Refused, Settlement, SignInRequest, Start,
    Visit, Workspace,
};
use crate::shell::Shell;
use crate::translate;

type Answer<T> = Result<T, Problem>;

/// The header of a raw message that names its document.
const DOCUMENT: &str = "document";
/// Characters of a link; longer ones are nobody's.
const LINK: usize = 8 * 1024;

#[tauri::command]
pub async fn listen(shell: State<'_, Shell>, channel: Channel<InvokeResponseBody>) -> Answer<()> {
    shell.listen(channel);
    Ok(())
}

#[tauri::command]
pub async fn start(shell: State<'_, Shell>) -> Answer<Start> {
    shell.start().await.inspect_err(|problem| {
        tracing::error!(code = ?problem.code, detail = problem.detail, "the workspace does not open");
    })
}

#[tauri::command]
pub async fn workspaces(shell: State<'_, Shell>) -> Answer<Vec<Workspace>> {
    shell.workspaces().await
}

#[tauri::command]
pub async fn visit(shell: State<'_, Shell>) -> Answer<Option<Visit>> {
    shell.visit().await
}

#[tauri::command]
pub async fn go_to(shell: State<'_, Shell>, workspace: String) -> Answer<()> {
    shell.go_to(workspace.parse()?).await
}

#[tauri::command]
pub async fn open(shell: State<'_, Shell>, document: String) -> Answer<Response> {
    let update = shell.seat().await?.watcher.open(document.parse()?).await?;
    Ok(Response::new(Vec::from(update)))
}

#[tauri::command]
pub async fn close(shell: State<'_, Shell>, document: String) -> Answer<()> {
    shell.seat().await?.watcher.close(document.parse()?);
    Ok(())
}

/// Resolves when the change is on the disk. The window has one of these under way per document: commands are tasks of
/// their own, and their order is nobody's promise.
#[tauri::command]
pub async fn commit(shell: State<'_, Shell>, request: Request<'_>) -> Answer<()> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(Problem::new(ProblemCode::Internal, "a change comes as raw bytes"));
    };
    let document = request.headers().get(DOCUMENT).and_then(|value| value.to_str().ok());
    let document: DocumentId = document.unwrap_or_default().parse()?;
    shell
        .seat()
        .await?
        .watcher
        .commit(document, Bytes::copy_from_slice(bytes))
        .await
        .inspect_err(|error| tracing::warn!(%document, %error, "a change was not stored"))?;
    Ok(())
}

#[tauri::command]
pub async fn set_caret(shell: State<'_, Shell>, document: String, caret: Option<String>) -> Answer<()> {
    let caret = caret.unwrap_or_default();
    if caret.len() > limits::CARET {
        return Err(Problem::new(ProblemCode::TooLarge, "no caret is that long"));
    }
    shell.seat().await?.watcher.set_caret(document.parse()?, caret.into());
    Ok(())
}

#[tauri::command]
pub async fn remember(shell: State<'_, Shell>, place: Place) -> Answer<()> {
    place.document.parse::<DocumentId>()?;
    if place.caret.as_ref().is_some_and(|caret| caret.len() > limits::CARET) {
        return Err(Problem::new(ProblemCode::TooLarge, "no caret is that long"));
    }
    shell.seat().await?.remember(&place).await
}

#[tauri::command]
pub async fn join(shell: State<'_, Shell>, request: JoinRequest) -> Answer<Option<ProblemCode>> {
    shell.join(request).await
}

#[tauri::command]
pub async fn publish(shell: State<'_, Shell>, request: JoinRequest) -> Answer<Option<ProblemCode>> {
    shell.publish(request).await
}

#[tauri::command]
pub async fn sign_in(shell: State<'_, Shell>, request: SignInRequest) -> Answer<Option<ProblemCode>> {
    shell.sign_in(request).await
}

#[tauri::command]
pub async fn members(shell: State<'_, Shell>, ask: bool) -> Answer<Members> {
    shell.members(ask).await
}

#[tauri::command]
pub async fn invite(shell: State<'_, Shell>) -> Answer<Invitation> {
    shell.invite().await
}

/// The system says that it is online again, or the person came back or does not want to wait.
#[tauri::command]
pub async fn hurry(shell: State<'_, Shell>) -> Answer<()> {
    shell.hurry();
    Ok(())
}

#[tauri::command]
pub async fn refused(shell: State<'_, Shell>, document: String) -> Answer<Option<Refused>> {
    let refused = shell.seat().await?.replica.refused(document.parse()?).await?;
    Ok(refused.map(translate::refused))
}

#[tauri::command]
pub async fn settle(shell: State<'_, Shell>, document: String, how: Settlement) -> Answer<Option<String>> {
    let how = match how {
        Settlement::Retry => replica::Settlement::Retry,
        Settlement::KeepCopy { title } => replica::Settlement::KeepCopy { title },
        Settlement::Discard => replica::Settlement::Discard,
    };
    let copy = shell.seat().await?.replica.settle(document.parse()?, how).await?;
    Ok(copy.map(|copy| copy.to_string()))
}

/// The page has to tell something before the window closes.
#[tauri::command]
pub async fn stay(leaving: State<'_, Leaving>) -> Answer<()> {
    leaving.stay();
    Ok(())
}

/// The page has nothing to lose any more: the window closes.
#[tauri::command]
pub async fn leave(app: AppHandle) -> Answer<()> {
    leaving::leave(&app);
    Ok(())
}

#[tauri::command]
pub async fn open_link(href: String) -> Answer<()> {
    let link =
        safe_link(&href).ok_or_else(|| Problem::new(ProblemCode::Invalid, "no link that may be opened"))?;
    tauri_plugin_opener::open_url(link.as_str(), None::<&str>)
        .map_err(|error| Problem::new(ProblemCode::Internal, error))
}

/// Returns a link that a browser or a mail program may be given: no file, no share, no other program's scheme. The
/// interface checks the same; documents come from others, so it is checked again here.
fn safe_link(href: &str) -> Option<Url> {
    let url = Url::parse(href).ok().filter(|_| href.len() <= LINK)?;
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    match url.scheme() {
        "http" | "https" if has_host => Some(url),
        "mailto" => Some(url),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_read_or_to_write_to_are_opened() {
        for good in ["https://example.org/a?b#c", "http://127.0.0.1:8080", "mailto:imke@example.org"] {
            assert!(safe_link(good).is_some(), "{good} may be opened");
        }
        for bad in [
            "file:///etc/passwd",
            "smb://server/share",
            r"\\server\share",
            "javascript:alert(1)",
            "ms-msdt:/id",
            "/bin/sh",
            "--help",
            "",
        ] {
            assert!(safe_link(bad).is_none(), "{bad} may not");
        }
    }

    #[test]
    fn every_command_is_declared_and_allowed_and_no_other() {
        let handled: Vec<&str> = include_str!("main.rs")
            .lines()
            .filter_map(|line| line.trim().strip_prefix("commands::")?.strip_suffix(',')?.rsplit("::").next())
            .collect();
        assert!(handled.len() > 10, "the handler's list is read: {handled:?}");
        let build = include_str!("../build.rs");
        let capability: serde_json::Value =
            serde_json::from_str(include_str!("../capabilities/main.json")).unwrap();
        let mut allowed: Vec<String> = capability["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap().into())
            .collect();
        for command in &handled {
            assert!(build.contains(&format!("\"{command}\"")), "build.rs declares {command}");
            let permission = format!("allow-{}", command.replace('_', "-"));
            let at = allowed.iter().position(|it| *it == permission);
            allowed.remove(at.unwrap_or_else(|| panic!("{permission} is missing in capabilities/main.json")));
        }
        assert_eq!(allowed, Vec::<String>::new(), "the window may ask nothing else, of Tauri neither");
    }
}
