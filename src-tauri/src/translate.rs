//! What the replica says, in the shapes that cross to the window. Pure.

pub mod transfer;

use std::collections::BTreeSet;

use sheaf_client::files::{FileView, Trouble, Whereabouts};
use sheaf_client::team::Members;
use sheaf_client::{Found, Hit, Kind, MemberRow, PlaceRow, Refused, RefusedRecord, Spot, Status, session};
use sheaf_document::ids::{NotAnId, PersonId};
use sheaf_document::search::Snippet;
use sheaf_protocol::frame::Here;
use sheaf_protocol::problem::Code;
use sheaf_protocol::record::Record;
use sheaf_protocol::rest::{Hex, Invitation, Role};

use crate::problem;
use crate::shapes::{self, ProblemCode};

/// Returns a document's row of the tree. Its order as digits sorts as it does as bytes.
pub fn place(row: PlaceRow) -> shapes::PlaceRow {
    shapes::PlaceRow {
        id: row.id.to_string(),
        parent: row.parent.map(|parent| parent.to_string()),
        order: row.order.iter().map(|byte| format!("{byte:02x}")).collect(),
        title: row.title,
        icon: row.icon,
        children: count(row.children),
        trashed: row.trashed,
        recovered: row.recovered,
        favourite: row.favourite,
        refused: row.refused.map(|code| code.name().to_owned()),
        updated_at: double(row.updated_at),
    }
}

/// Returns the spot on a level that a row's order and document name.
pub fn spot(spot: shapes::Spot) -> Result<Spot, NotAnId> {
    let digits = spot.order.as_bytes().chunks(2);
    let bytes =
        digits.map(|pair| str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()));
    let order = bytes.collect::<Option<Vec<u8>>>().ok_or(NotAnId)?;
    Ok(Spot { order, id: spot.id.parse()? })
}

/// Returns somebody of the workspace.
pub fn colleague(row: MemberRow) -> shapes::FoundPerson {
    shapes::FoundPerson { id: row.person.to_string(), name: row.name }
}

/// Returns what was found.
pub fn found(found: Found) -> shapes::Found {
    shapes::Found {
        documents: found.hits.into_iter().map(hit).collect(),
        people: found.people.into_iter().map(colleague).collect(),
        left: count(found.left),
    }
}

fn hit(hit: Hit) -> shapes::Hit {
    shapes::Hit {
        id: hit.document.to_string(),
        title: passage(hit.title),
        icon: hit.icon,
        path: hit.path,
        found_in: match hit.kind {
            Kind::Called | Kind::Begins | Kind::Titled | Kind::Similar => shapes::FoundIn::Title,
            Kind::Headed => shapes::FoundIn::Headings,
            Kind::Written => shapes::FoundIn::Text,
        },
        snippet: passage(hit.snippet),
        updated_at: double(hit.updated_at),
    }
}

fn passage(snippet: Snippet) -> shapes::Passage {
    let marks = snippet.highlights.into_iter().map(|mark| (mark.start, mark.end)).collect();
    shapes::Passage { text: snippet.text, marks }
}

/// Returns a change of the tree that the relay refused.
pub fn refused_record(refused: RefusedRecord) -> shapes::RefusedRecord {
    let (document, parent) = match refused.record {
        Record::Place(write) => (Some(write.document), write.position.and_then(|position| position.parent)),
        Record::Favourite(write) => (Some(write.document), None),
        Record::Member(_) | Record::File(_) => (None, None),
    };
    shapes::RefusedRecord {
        row: double(refused.row.unsigned_abs()),
        code: refused.code.name().to_owned(),
        document: document.map(|id| id.to_string()),
        title: refused.title,
        parent: parent.map(|id| id.to_string()),
    }
}

/// Returns a file's row.
pub fn file(view: FileView) -> shapes::FileRow {
    let (width, height) = view.dimensions.map(|it| (it.width, it.height)).unzip();
    shapes::FileRow {
        hash: Hex::from(view.hash).to_string(),
        name: view.name,
        size: double(view.size),
        media: view.media,
        width,
        height,
        person: view.person.map(|person| person.to_string()),
        picture: view.is_picture,
        state: match view.whereabouts {
            Whereabouts::Here => shapes::FileState::Here,
            Whereabouts::Uploading => shapes::FileState::Uploading,
            Whereabouts::Coming => shapes::FileState::Coming,
            Whereabouts::Missing => shapes::FileState::Missing,
            Whereabouts::Refused => shapes::FileState::Refused,
        },
        done: double(view.done),
        problem: view.trouble.map(|trouble| match trouble {
            Trouble::TooLarge => ProblemCode::FileTooLarge,
            Trouble::DiskFull => ProblemCode::FileNoRoom,
            Trouble::Gone => ProblemCode::FileGone,
        }),
    }
}

/// Returns the one honest state. `shared` says that a relay holds this workspace, whether or not it was reached yet.
pub fn sync(status: &Status, shared: bool) -> shapes::Sync {
    use session::Status as Line;
    // A refused record waits for a person, who is shown it by itself; nothing is on its way because of it.
    let waiting = count(status.waiting.saturating_sub(status.refused_records));
    match &status.relay {
        None if shared => shapes::Sync::Connecting { waiting },
        None => shapes::Sync::Local,
        _ if status.forks > 0 => shapes::Sync::Refused { documents: count(status.forks) },
        Some(Line::Connecting) => shapes::Sync::Connecting { waiting },
        Some(Line::CatchingUp { through, head }) => {
            shapes::Sync::CatchingUp { through: double(*through), head: double(*head) }
        }
        // A person has to look, and is shown what it is in the tree.
        Some(Line::Synced | Line::Waiting { .. }) if waiting == 0 && status.refused_records > 0 => {
            shapes::Sync::Refused { documents: 0 }
        }
        // What is on its way may also be a colleague's, on its way here.
        Some(Line::Synced | Line::Waiting { .. }) if waiting == 0 => shapes::Sync::Synced,
        Some(Line::Synced | Line::Waiting { .. }) => shapes::Sync::Sending { waiting },
        Some(Line::SignedOut) => shapes::Sync::SignedOut { waiting },
        Some(Line::Offline { .. }) => shapes::Sync::Offline { waiting },
        Some(Line::Refused { code }) => match *code {
            // Nothing of this is the line's fault: their session is not one that this relay takes.
            Code::UNAUTHENTICATED | Code::REVOKED | Code::FORBIDDEN | Code::NOT_FOUND => {
                shapes::Sync::SignedOut { waiting }
            }
            code => shapes::Sync::TurnedAway { code: problem::refused(code), waiting },
        },
    }
}

/// Returns a colleague and their caret.
pub fn person(here: &Here) -> shapes::Person {
    let caret = here.caret.as_deref().and_then(|caret| std::str::from_utf8(caret).ok());
    shapes::Person {
        session: here.session.to_string(),
        id: here.person.to_string(),
        name: here.name.clone(),
        caret: caret.filter(|caret| !caret.is_empty()).map(str::to_owned),
    }
}

/// Returns who is in a team: whom its relay named when it was asked last, and who has introduced themselves since.
pub fn members(asked: Option<Members>, introduced: Vec<MemberRow>) -> shapes::Members {
    let at = asked.as_ref().map(|members| double(members.at));
    let asked = asked.map(|members| members.people).unwrap_or_default();
    let known: BTreeSet<_> = asked.iter().map(|member| member.person).collect();
    let member = |person: PersonId, name, role| shapes::Member { id: person.to_string(), name, role };
    let newer = introduced.into_iter().filter(|row| !known.contains(&row.person));
    let newer = newer.map(|row| member(row.person, row.name, None));
    let asked = asked.into_iter().map(|it| member(it.person, it.name, Some(role(it.role))));
    shapes::Members { at, people: asked.chain(newer).collect() }
}

fn role(role: Role) -> shapes::Role {
    match role {
        Role::Owner => shapes::Role::Owner,
        Role::Member => shapes::Role::Member,
    }
}

/// Returns an invitation as it is handed on.
pub fn invitation(invitation: &Invitation) -> shapes::Invitation {
    let Invitation { link, expires_at } = invitation;
    shapes::Invitation { link: link.expose().to_owned(), expires_at: double(*expires_at) }
}

/// Returns what was refused.
pub fn refused(refused: Refused) -> shapes::Refused {
    shapes::Refused { code: refused.code.name().to_owned(), words: refused.words }
}

fn count(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Times and sequence numbers stay below 2^53 for longer than anybody lives.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^53")]
fn double(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn status(relay: Option<session::Status>, waiting: u64, forks: u64) -> Status {
        Status { relay, waiting, forks, ..Status::default() }
    }

    fn told(status: &Status, shared: bool) -> Value {
        json!(sync(status, shared))
    }

    #[test]
    fn the_state_is_honest() {
        let alone = status(None, 7, 0);
        assert_eq!(
            told(&alone, false),
            json!({"state": "local"}),
            "nothing waits for a relay that there is not"
        );
        assert_eq!(
            told(&alone, true),
            json!({"state": "connecting", "waiting": 7}),
            "the keychain is asked first"
        );
        let synced = Some(session::Status::Synced);
        assert_eq!(told(&status(synced.clone(), 0, 0), true), json!({"state": "synced"}));
        assert_eq!(
            told(&status(synced.clone(), 1, 0), true),
            json!({"state": "sending", "waiting": 1}),
            "what was just typed is not at the relay yet"
        );
        let moved = Status { refused_records: 1, ..status(synced.clone(), 1, 0) };
        assert_eq!(
            told(&moved, true),
            json!({"state": "refused", "documents": 0}),
            "a move was refused: nothing is on its way, and not everything is in step"
        );
        let busy = Some(session::Status::Waiting { count: 0 });
        assert_eq!(
            told(&status(busy, 0, 0), true),
            json!({"state": "synced"}),
            "what a colleague wrote is arriving; of what was written here nothing waits"
        );
        let refused = json!({"state": "refused", "documents": 2});
        assert_eq!(told(&status(synced, 3, 2), true), refused, "what a person has to look at comes first");
    }

    #[test]
    fn nobody_is_called_offline_whom_the_relay_refused() {
        let refused = |code| told(&status(Some(session::Status::Refused { code }), 2, 0), true);
        let signed_out = json!({"state": "signed_out", "waiting": 2});
        assert_eq!(told(&status(Some(session::Status::SignedOut), 2, 0), true), signed_out);
        assert_eq!(refused(Code::FORBIDDEN), signed_out, "signing in is what helps");
        let old = json!({"state": "turned_away", "code": "version", "waiting": 2});
        assert_eq!(refused(Code::VERSION), old, "and here it does not");
    }

    #[test]
    fn who_introduced_themselves_since_the_relay_was_asked_is_a_member_too() {
        let [imke, bo] = [1, 2].map(|byte| PersonId::from_bytes([byte; 16]));
        let named = |person, name: &str| MemberRow { person, name: name.to_owned() };
        let asked = Members {
            at: 7,
            people: vec![sheaf_protocol::rest::Member {
                person: imke,
                name: "Imke".to_owned(),
                role: Role::Owner,
            }],
        };
        let told = json!(members(Some(asked), vec![named(bo, "Bo"), named(imke, "Imke")]));
        let people = json!([
            {"id": imke.to_string(), "name": "Imke", "role": "owner"},
            {"id": bo.to_string(), "name": "Bo", "role": null},
        ]);
        assert_eq!(told, json!({"at": 7.0, "people": people}), "each of them once");
    }
}
