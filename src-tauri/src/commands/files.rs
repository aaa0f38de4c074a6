//! What the window may ask of files. It names them by their hashes and never by a path: what it adds it hands over a piece at
//! a time, and what it saves goes to the folder of downloads.

use sheaf_document::ids::ContentHash;
use sheaf_protocol::rest::Hex;
use tauri::ipc::{InvokeBody, Request};
use tauri::{AppHandle, Manager as _, State};
use tokio::task::spawn_blocking;

use super::Answer;
use crate::intake::save;
use crate::shapes::{FileRow, Problem, ProblemCode};
use crate::shell::Shell;
use crate::translate;

/// The header of a raw message that names the file that is being added.
const FILE: &str = "file";
/// As many bytes go into one piece.
const PIECE: usize = 4 << 20;
/// As many rows go into one answer.
const ROWS: usize = 500;

#[tauri::command]
pub async fn begin_file(shell: State<'_, Shell>, size: u64) -> Answer<u32> {
    let seat = shell.seat().await?;
    let fresh = seat.replica.begin_file(size).await?;
    seat.intake.take_in(fresh).ok_or_else(|| Problem::new(ProblemCode::Busy, "too many files at once"))
}

#[tauri::command]
pub async fn file_piece(shell: State<'_, Shell>, request: Request<'_>) -> Answer<()> {
    let InvokeBody::Raw(bytes) = request.body() else {
        return Err(Problem::new(ProblemCode::Internal, "a piece comes as raw bytes"));
    };
    if bytes.len() > PIECE {
        return Err(Problem::new(ProblemCode::TooLarge, "no piece is that long"));
    }
    let number = request.headers().get(FILE).and_then(|value| value.to_str().ok()?.parse().ok());
    let seat = shell.seat().await?;
    Ok(seat.intake.write(number.unwrap_or_default(), bytes.clone()).await?)
}

#[tauri::command]
pub async fn keep_file(shell: State<'_, Shell>, file: u32, name: String) -> Answer<FileRow> {
    let seat = shell.seat().await?;
    let fresh = seat.intake.take_out(file)?;
    Ok(translate::file(seat.replica.keep_file(fresh, &name).await?))
}

#[tauri::command]
pub async fn drop_file(shell: State<'_, Shell>, file: u32) -> Answer<()> {
    drop(shell.seat().await?.intake.take_out(file));
    Ok(())
}

#[tauri::command]
pub async fn files(shell: State<'_, Shell>, hashes: Vec<String>) -> Answer<Vec<FileRow>> {
    let hashes = hashes.iter().take(ROWS).map(|hash| named(hash)).collect::<Answer<_>>()?;
    let views = shell.seat().await?.replica.files(hashes).await?;
    Ok(views.into_iter().map(translate::file).collect())
}

/// Returns what the file is called in the folder of downloads.
#[tauri::command]
pub async fn save_file(app: AppHandle, shell: State<'_, Shell>, hash: String) -> Answer<String> {
    let (seat, hash) = (shell.seat().await?, named(&hash)?);
    let view = seat.replica.files(vec![hash]).await?.pop();
    let name = view.map(|view| view.name).unwrap_or_default();
    let paths = app.path();
    let folder = paths.download_dir().or_else(|_| paths.home_dir());
    let folder = folder.map_err(|error| Problem::new(ProblemCode::FileFailed, error))?;
    let from = seat.replica.file_path(hash);
    let saved = spawn_blocking(move || save(&from, &folder, &name)).await;
    Ok(saved.map_err(|error| Problem::new(ProblemCode::Internal, error))??)
}

/// Reads a file's name among files.
fn named(hash: &str) -> Answer<ContentHash> {
    Ok(hash.parse::<Hex<32>>()?.into())
}
