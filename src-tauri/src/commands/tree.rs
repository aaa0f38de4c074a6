//! What the window may ask of the tree.

use sheaf_client::{Level, Place as Beside};
use sheaf_document::ids::DocumentId;
use sheaf_protocol::entry::Origin;
use sheaf_protocol::limits;
use sheaf_store::Settle;
use tauri::State;

use super::Answer;
use crate::shapes::{self, PlaceRow, Problem, ProblemCode, RefusedRecord, SettleRecord, TreeView};
use crate::shell::Shell;
use crate::translate;

/// As many rows go into one answer.
const ROWS: usize = 5_000;

#[tauri::command]
pub async fn level(
    shell: State<'_, Shell>,
    level: shapes::Level,
    after: Option<shapes::Spot>,
    limit: usize,
) -> Answer<Vec<PlaceRow>> {
    let level = match level {
        shapes::Level::Under(parent) => Level::Under(id(parent)?),
        shapes::Level::Trash => Level::Trash,
        shapes::Level::Recovered => Level::Recovered,
        shapes::Level::Favourites => Level::Favourites,
    };
    let after = after.map(translate::spot).transpose()?;
    let rows = shell.seat().await?.replica.level(level, after, limit.min(ROWS)).await?;
    Ok(rows.into_iter().map(translate::place).collect())
}

#[tauri::command]
pub async fn places(shell: State<'_, Shell>, documents: Vec<String>) -> Answer<Vec<PlaceRow>> {
    let ids = documents.iter().take(ROWS).map(|id| id.parse()).collect::<Result<_, _>>()?;
    let rows = shell.seat().await?.replica.places(ids).await?;
    Ok(rows.into_iter().map(translate::place).collect())
}

#[tauri::command]
pub async fn path(shell: State<'_, Shell>, document: String) -> Answer<Vec<PlaceRow>> {
    let replica = &shell.seat().await?.replica;
    let path = replica.path(document.parse()?).await?;
    let rows = replica.places(path.into_iter().map(|(id, _, _)| id).collect()).await?;
    Ok(rows.into_iter().map(translate::place).collect())
}

#[tauri::command]
pub async fn create(
    shell: State<'_, Shell>,
    parent: Option<String>,
    after: Option<String>,
) -> Answer<String> {
    let beside = id(after)?.map_or(Beside::Last, Beside::After);
    let replica = &shell.seat().await?.replica;
    let document = replica.create_in(id(parent)?, beside, "", Vec::new(), Origin::TYPED).await?;
    Ok(document.to_string())
}

#[tauri::command]
pub async fn move_to(
    shell: State<'_, Shell>,
    document: String,
    parent: Option<String>,
    after: String,
) -> Answer<()> {
    let beside = match after.as_str() {
        "first" => Beside::First,
        "last" => Beside::Last,
        sibling => Beside::After(sibling.parse()?),
    };
    Ok(shell.seat().await?.replica.move_to(document.parse()?, id(parent)?, beside).await?)
}

#[tauri::command]
pub async fn rename(shell: State<'_, Shell>, document: String, title: String) -> Answer<()> {
    Ok(shell.seat().await?.replica.rename(document.parse()?, &title).await?)
}

#[tauri::command]
pub async fn set_icon(shell: State<'_, Shell>, document: String, icon: String) -> Answer<()> {
    if icon.len() > limits::ICON {
        return Err(Problem::new(ProblemCode::TooLarge, "no icon is that long"));
    }
    Ok(shell.seat().await?.replica.set_icon(document.parse()?, icon).await?)
}

#[tauri::command]
pub async fn trash(shell: State<'_, Shell>, document: String, on: bool) -> Answer<()> {
    Ok(shell.seat().await?.replica.trash(document.parse()?, on).await?)
}

#[tauri::command]
pub async fn set_favourite(shell: State<'_, Shell>, document: String, on: bool) -> Answer<()> {
    Ok(shell.seat().await?.replica.favourite(document.parse()?, on).await?)
}

#[tauri::command]
pub async fn recent(shell: State<'_, Shell>) -> Answer<Vec<PlaceRow>> {
    let seat = shell.seat().await?;
    let rows = seat.replica.places(seat.recent().await?).await?;
    Ok(rows.into_iter().map(translate::place).collect())
}

#[tauri::command]
pub async fn remember_tree(shell: State<'_, Shell>, view: TreeView) -> Answer<()> {
    shell.seat().await?.remember_tree(&view).await
}

#[tauri::command]
pub async fn refused_documents(shell: State<'_, Shell>) -> Answer<Vec<PlaceRow>> {
    let replica = &shell.seat().await?.replica;
    let stuck = replica.forks().await?.into_iter().map(|fork| fork.document);
    let rows = replica.places(stuck.collect()).await?;
    Ok(rows.into_iter().map(translate::place).collect())
}

#[tauri::command]
pub async fn refused_records(shell: State<'_, Shell>) -> Answer<Vec<RefusedRecord>> {
    let refused = shell.seat().await?.replica.refused_records().await?;
    Ok(refused.into_iter().map(translate::refused_record).collect())
}

#[tauri::command]
pub async fn settle_record(shell: State<'_, Shell>, row: i64, how: SettleRecord) -> Answer<()> {
    let how = match how {
        SettleRecord::Retry => Settle::Retry,
        SettleRecord::Discard => Settle::Discard,
    };
    Ok(shell.seat().await?.replica.settle_record(row, how).await?)
}

fn id(text: Option<String>) -> Answer<Option<DocumentId>> {
    Ok(text.map(|text| text.parse()).transpose()?)
}
