//! What the window may ask of imports and exports. What to bring in and where to put something a person says in a dialog of the
//! system's; no path crosses.

use sheaf_client::import::{self, Progress, SurveyError};
use tauri::{AppHandle, State};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use super::Answer;
use crate::events::Told;
use crate::shapes::{Choice, Exported, Format, Imported, Problem, ProblemCode, Scope, Surveyed};
use crate::shell::Shell;
use crate::translate::transfer as translate;

/// The endings of files that may be brought in.
const ENDINGS: &[&str] = &["md", "markdown", "html", "htm"];

/// Lets the person choose what to bring in, and looks at it; nothing where they chose nothing.
#[tauri::command]
pub async fn choose_import(
    app: AppHandle,
    shell: State<'_, Shell>,
    what: Choice,
) -> Answer<Option<Surveyed>> {
    let seat = shell.seat().await?;
    let (chosen, choice) = oneshot::channel();
    let dialog = app.dialog().file();
    let choose = move |path| _ = chosen.send(path);
    match what {
        Choice::Folder => dialog.pick_folder(choose),
        Choice::File => dialog.add_filter("Markdown, HTML", ENDINGS).pick_file(choose),
    }
    let Some(path) = choice.await.ok().flatten().and_then(|path| path.into_path().ok()) else {
        return Ok(None);
    };
    let surveyed = spawn_blocking(move || import::survey(&path)).await;
    match surveyed.map_err(|error| Problem::new(ProblemCode::Internal, error))? {
        Ok(plan) => {
            let found = translate::surveyed(&plan);
            seat.transfer.keep(plan);
            Ok(Some(found))
        }
        Err(SurveyError::Nothing(left)) => {
            let (name, documents) = (String::new(), 0);
            Ok(Some(Surveyed { name, documents, left: translate::left_out(&left) }))
        }
        Err(SurveyError::Disk(error)) => Err(Problem::new(ProblemCode::FileFailed, error.kind())),
    }
}

/// Brings in what was chosen, under a document or at the top. The window is told how far it is.
#[tauri::command]
pub async fn import(shell: State<'_, Shell>, under: Option<String>) -> Answer<Imported> {
    let seat = shell.seat().await?;
    let under = under.map(|under| under.parse()).transpose()?;
    let (cancel, _over) = seat.transfer.begin().ok_or_else(busy)?;
    let plan = seat.transfer.take();
    let plan = plan.ok_or_else(|| Problem::new(ProblemCode::Internal, "nothing was chosen"))?;
    let tell = shell.teller();
    let report = import::run(&seat.replica, plan, under, shell.clock(), &cancel, tell).await;
    Ok(translate::imported(report))
}

/// Lets the person choose a folder and takes documents out into it; nothing where they chose none.
#[tauri::command]
pub async fn export(
    app: AppHandle,
    shell: State<'_, Shell>,
    scope: Scope,
    format: Format,
) -> Answer<Option<Exported>> {
    let seat = shell.seat().await?;
    let (scope, format) = (translate::scope(scope)?, translate::format(format));
    let (chosen, choice) = oneshot::channel();
    app.dialog().file().pick_folder(move |path| _ = chosen.send(path));
    let Some(into) = choice.await.ok().flatten().and_then(|path| path.into_path().ok()) else {
        return Ok(None);
    };
    let (cancel, _over) = seat.transfer.begin().ok_or_else(busy)?;
    let report = seat.replica.export(scope, format, into, cancel, shell.teller()).await?;
    let exported = translate::exported(&report);
    seat.transfer.made(report.path);
    Ok(Some(exported))
}

/// Ends what is under way.
#[tauri::command]
pub async fn cancel_transfer(shell: State<'_, Shell>) -> Answer<()> {
    shell.seat().await?.transfer.cancel();
    Ok(())
}

/// Shows what was taken out last in the system's own window of files.
#[tauri::command]
pub async fn show_export(shell: State<'_, Shell>) -> Answer<()> {
    let Some(path) = shell.seat().await?.transfer.last() else { return Ok(()) };
    let shown = spawn_blocking(move || tauri_plugin_opener::reveal_item_in_dir(path)).await;
    let shown = shown.map_err(|error| Problem::new(ProblemCode::Internal, error))?;
    shown.map_err(|error| Problem::new(ProblemCode::FileFailed, error))
}

/// Returns what the window is told of a step.
pub fn told(Progress { done, total, path }: Progress) -> Told {
    let size = |number| u32::try_from(number).unwrap_or(u32::MAX);
    Told::Transfer { done: size(done), total: size(total), path }
}

fn busy() -> Problem {
    Problem::new(ProblemCode::Busy, "something is on its way already")
}
