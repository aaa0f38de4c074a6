//! Stories of a profile with several workspaces, without a window and without a relay that answers.

use std::fs;

use serde_json::Value;
use sheaf_client::keychain::MemoryKeychain;
use sheaf_client::{Replica, ReplicaError};
use sheaf_document::ids::PersonId;
use sheaf_protocol::entry::Origin;
use sheaf_store::StoreError;
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;
use crate::shapes::Sync;

/// Whatever takes longer than this will never happen.
const PATIENCE: Duration = Duration::from_secs(60);

const CREW: WorkspaceId = WorkspaceId::from_bytes([8; 16]);
const CHOIR: WorkspaceId = WorkspaceId::from_bytes([9; 16]);

/// Imke's desktop: a profile with a workspace of hers, one of the crew's and one of the choir's. Nobody is signed in.
struct Desktop {
    shell: Shell,
    profile: Profile,
    told: mpsc::UnboundedReceiver<Value>,
    _folder: TempDir,
}

impl Desktop {
    async fn new() -> Self {
        sheaf_client::install_crypto();
        let (folder, clock) = (tempfile::tempdir().unwrap(), Clock::system());
        let profile = Profile::open(folder.path()).unwrap();
        profile.begin(&clock).unwrap();
        let imke = PersonId::from_bytes([1; 16]);
        for (team, name) in [(CREW, "Harbour crew"), (CHOIR, "Choir")] {
            profile.join(team, imke, profile.device(&clock).unwrap(), &clock).unwrap();
            let replica = Replica::open(&profile, team, clock.clone()).await.unwrap();
            replica.put_setting(team::RELAY, Some("https://relay.example.org".to_owned())).await.unwrap();
            replica.put_setting(team::TEAM, Some(name.to_owned())).await.unwrap();
            replica.stop().await;
        }
        profile.remember(CREW, &clock).unwrap();
        let vault = Vault::open(MemoryKeychain::default()).await;
        let shell = Shell::with(folder.path().to_owned(), OnceCell::new_with(Some(vault)));
        let (tell, told) = mpsc::unbounded_channel();
        shell.listen(Channel::new(move |message| {
            if let InvokeResponseBody::Json(json) = message {
                let _ = tell.send(serde_json::from_str(&json)?);
            }
            Ok(())
        }));
        Self { shell, profile, told, _folder: folder }
    }

    /// Waits until the window is told this of a workspace.
    async fn hears(&mut self, workspace: WorkspaceId, what: &str, is: &str) {
        let hearing = async {
            loop {
                let told = self.told.recv().await.expect("the shell talks");
                let row = &told["workspace"];
                if row["id"] == workspace.to_string() && row.pointer(what).is_some_and(|value| value == is) {
                    return;
                }
            }
        };
        timeout(PATIENCE, hearing).await.unwrap_or_else(|_| panic!("nobody says that {what} is {is}"));
    }

    /// Returns what is listed of a workspace.
    async fn row(&self, workspace: WorkspaceId) -> Workspace {
        let rows = self.shell.workspaces().await.unwrap();
        rows.into_iter().find(|row| row.id == workspace.to_string()).expect("it is in the list")
    }

    async fn opens_elsewhere(&self, workspace: WorkspaceId) -> Result<Replica, ReplicaError> {
        Replica::open(&self.profile, workspace, Clock::system()).await
    }
}

#[tokio::test]
async fn a_profile_is_begun_once_however_many_ask_at_the_same_time() {
    let folder = tempfile::tempdir().unwrap();
    let shell = Shell::new(folder.path().to_owned());
    let (one, other, third) = tokio::join!(shell.workspaces(), shell.workspaces(), shell.begin());
    let (profile, _) = third.expect("the first start of a profile does not fail for being asked about");
    assert_eq!(one.unwrap(), other.unwrap(), "all are told the same");
    assert_eq!(profile.workspaces().unwrap().len(), 1, "and there is one workspace");
}

#[tokio::test]
async fn the_one_in_front_is_first_and_every_team_is_alive_after_it_until_the_end() {
    let mut imke = Desktop::new().await;
    let start = imke.shell.start().await.unwrap();
    assert_eq!(start.workspace.as_deref(), Some("Harbour crew"), "where she was last");
    let choir = imke.opens_elsewhere(CHOIR).await.expect("nothing else is opened for the start");
    choir.stop().await;

    assert!(imke.row(CREW).await.here, "the window is there");
    imke.hears(CHOIR, "/sync/state", "signed_out").await;
    let held = imke.opens_elsewhere(CHOIR).await.map(|_| ());
    assert!(matches!(held, Err(ReplicaError::Store(StoreError::Locked))), "it is alive: {held:?}");

    let seat = imke.shell.seat().await.unwrap();
    let before = seat.replica.create("Tides", Vec::new(), Origin::TYPED).await.unwrap();
    imke.shell.go_to(CHOIR).await.unwrap();
    let start = imke.shell.start().await.unwrap();
    assert_eq!(start.workspace.as_deref(), Some("Choir"), "she is there");
    assert!(seat.replica.text(before).await.is_ok(), "and what she left goes on");
    let row = imke.row(CREW).await;
    let waits = matches!(row.sync, Some(Sync::SignedOut { waiting: 1.. }));
    assert!(waits && !row.here, "the list says how it stands: {row:?}");

    imke.shell.end().await;
    for workspace in imke.profile.workspaces().unwrap() {
        imke.opens_elsewhere(workspace).await.expect("the app has let go of it").stop().await;
    }
    assert!(imke.shell.start().await.is_err(), "nothing begins any more");
}

#[tokio::test]
async fn a_workspace_that_does_not_open_says_so_and_keeps_no_other_away() {
    let mut imke = Desktop::new().await;
    let own = imke.profile.workspaces().unwrap().into_iter().find(|id| ![CREW, CHOIR].contains(id)).unwrap();
    fs::write(imke.profile.database(own), b"spilled coffee ".repeat(1000)).unwrap();
    let elsewhere = imke.opens_elsewhere(CREW).await.unwrap();

    let refused = imke.shell.start().await.map(|_| ()).unwrap_err();
    assert_eq!(refused.code, ProblemCode::Locked, "another program has it");
    let row = imke.row(CREW).await;
    let said = (row.name.as_deref(), row.here, row.sync, row.problem);
    assert_eq!(said, (Some("Harbour crew"), true, None, Some(ProblemCode::Locked)), "the list says so too");
    assert_eq!(imke.row(own).await.problem, Some(ProblemCode::Corrupt), "each its own reason");
    imke.hears(CHOIR, "/sync/state", "signed_out").await;
    imke.shell.go_to(CHOIR).await.unwrap();
    assert!(imke.shell.start().await.is_ok(), "the choir's is not to blame");

    elsewhere.stop().await;
    imke.row(CREW).await;
    imke.hears(CREW, "/sync/state", "signed_out").await;
    let row = imke.row(CREW).await;
    assert_eq!(
        (row.sync, row.problem),
        (Some(Sync::SignedOut { waiting: 0 }), None),
        "looking again woke it"
    );
    imke.shell.end().await;
}

#[tokio::test]
async fn who_is_in_the_team_is_known_here_and_an_invitation_needs_the_relay() {
    let imke = Desktop::new().await;
    imke.shell.start().await.unwrap();
    let nobody = translate::members(None, Vec::new());
    assert_eq!(imke.shell.members(false).await.unwrap(), nobody, "nobody has said it yet");
    let kept = r#"{"at":7,"people":[{"person":"01010101-0101-0101-0101-010101010101","name":"Imke","role":"owner"}]}"#;
    let seat = imke.shell.seat().await.unwrap();
    seat.replica.put_setting("team.members", Some(kept.to_owned())).await.unwrap();
    let known = imke.shell.members(false).await.unwrap();
    assert_eq!((known.at, known.people[0].name.as_str()), (Some(7.0), "Imke"), "as it was heard last");

    let mut status = seat.replica.follow_status();
    status.wait_for(|status| status.relay.is_some()).await.unwrap();
    let asked = imke.shell.members(true).await.unwrap_err().code;
    let invited = imke.shell.invite().await.map(|_| ()).unwrap_err().code;
    assert_eq!((asked, invited), (ProblemCode::SignedOut, ProblemCode::SignedOut), "the reason is told");
    assert_eq!(imke.shell.members(false).await.unwrap(), known, "and nothing is forgotten for it");
    imke.shell.end().await;
}
