//! What the window may ask of search.

use sheaf_document::search::Query;
use tauri::State;

use super::Answer;
use crate::shapes::{About, Found};
use crate::shell::Shell;
use crate::translate;

/// As many documents go into one answer.
const HITS: usize = 50;
/// And as many links.
const LINKS: usize = 100;
/// No place's days begin further from those of UTC, in minutes.
const FURTHEST: i32 = 24 * 60;

/// Resolves with nothing when the window asked something else before this was answered. A query is bounded where it is read.
#[tauri::command]
pub async fn search(shell: State<'_, Shell>, text: String, east: i32, limit: usize) -> Answer<Option<Found>> {
    let query = Query::parse(&text, east.clamp(-FURTHEST, FURTHEST));
    let found = shell.seat().await?.replica.search(query, limit.min(HITS)).await?;
    Ok(found.map(translate::found))
}

#[tauri::command]
pub async fn about(shell: State<'_, Shell>, document: String) -> Answer<About> {
    let replica = &shell.seat().await?.replica;
    let known = replica.about(document.parse()?, LINKS).await?;
    let rows = replica.places(known.linked_from).await?;
    Ok(About {
        writers: known.writers.into_iter().map(translate::colleague).collect(),
        linked_from: rows.into_iter().map(translate::place).collect(),
    })
}
