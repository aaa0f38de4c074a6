//! What the window may ask of search.

use sheaf_document::search::Query;
use tauri::State;

use super::Answer;
use crate::shapes::Found;
use crate::shell::Shell;
use crate::translate;

/// As many documents go into one answer.
const HITS: usize = 50;
/// No place's days begin further from those of UTC, in minutes.
const FURTHEST: i32 = 24 * 60;

/// Resolves with nothing when the window asked something else before this was answered. A query is bounded where it is read.
#[tauri::command]
pub async fn search(shell: State<'_, Shell>, text: String, east: i32, limit: usize) -> Answer<Option<Found>> {
    let query = Query::parse(&text, east.clamp(-FURTHEST, FURTHEST));
    let found = shell.seat().await?.replica.search(query, limit.min(HITS)).await?;
    Ok(found.map(translate::found))
}
