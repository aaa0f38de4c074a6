//! From the replica's events to the window's channel: updates as raw bytes, everything else as JSON.

use serde::Serialize;
use sheaf_client::{Events, Replica, ReplicaEvent};
use tauri::ipc::{Channel, InvokeResponseBody};

use crate::shapes::{DocumentRow, Person, Problem, Sync};
use crate::translate;

/// What the window is told, besides updates.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Told {
    Documents { documents: Vec<DocumentRow> },
    Sync { sync: Sync },
    People { document: Option<String>, people: Vec<Person> },
    Reopen { document: String },
    Trouble { problem: Problem },
    Closing,
}

/// Tells a window everything until the replica stops, the watcher is gone, or nobody hears it.
pub async fn tell(replica: Replica, shared: bool, mut events: Events, window: Channel<InvokeResponseBody>) {
    // How things stand comes first: what the teller before said last may still be on its way, and is older.
    let mut now = vec![ReplicaEvent::Status(replica.status()), ReplicaEvent::Documents];
    while let Some(event) = match now.pop() {
        Some(event) => Some(event),
        None => events.next().await,
    } {
        let told = match event {
            ReplicaEvent::Update { document, bytes } => {
                let raw = [document.to_string().as_bytes(), &bytes].concat();
                if window.send(InvokeResponseBody::Raw(raw)).is_err() {
                    return;
                }
                continue;
            }
            ReplicaEvent::Documents => match replica.documents().await {
                Ok(rows) => Told::Documents { documents: rows.into_iter().map(translate::row).collect() },
                Err(error) => {
                    tracing::warn!(%error, "the list of documents cannot be read");
                    continue;
                }
            },
            ReplicaEvent::Status(status) => Told::Sync { sync: translate::sync(&status, shared) },
            ReplicaEvent::People { document, people } => Told::People {
                document: document.map(|id| id.to_string()),
                people: people.iter().map(translate::person).collect(),
            },
            ReplicaEvent::Reopen(document) => Told::Reopen { document: document.to_string() },
        };
        let Ok(json) = serde_json::to_string(&told) else { continue };
        if window.send(InvokeResponseBody::Json(json)).is_err() {
            return;
        }
    }
}

/// Tells a window that it is asked to close; says whether it can hear that.
pub fn tell_closing(window: &Channel<InvokeResponseBody>) -> bool {
    tell_once(window, &Told::Closing)
}

/// Tells a window of something that went wrong beside what the person does. A window that is gone need not know.
pub fn tell_trouble(window: &Channel<InvokeResponseBody>, problem: Problem) {
    tell_once(window, &Told::Trouble { problem });
}

fn tell_once(window: &Channel<InvokeResponseBody>, told: &Told) -> bool {
    let Ok(json) = serde_json::to_string(told) else { return false };
    window.send(InvokeResponseBody::Json(json)).is_ok()
}
