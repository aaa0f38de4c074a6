//! One suite for every keychain, and real daemons: unlocked, locked, absent.
//!
//! The daemon needs a session bus and a home of its own, so each of these stories runs this very test program again
//! under `dbus-run-session`, with one ignored test chosen by name.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

/// What every keychain does.
fn conforms(keychain: &dyn Keychain) {
    keychain.forget("story").unwrap();
    assert_eq!(keychain.read("story").unwrap(), None, "nothing is there at first");
    keychain.write("story", &Secret::new("first")).unwrap();
    keychain.write("story", &Secret::new("sécond 密")).unwrap();
    assert_eq!(keychain.read("story").unwrap(), Some(Secret::new("sécond 密")), "the later one is kept");
    keychain.write("other", &Secret::new("x")).unwrap();
    keychain.forget("story").unwrap();
    assert_eq!(keychain.read("story").unwrap(), None, "what is forgotten is gone");
    assert_eq!(keychain.read("other").unwrap(), Some(Secret::new("x")), "and nothing else is");
    keychain.forget("story").expect("forgetting twice is no error");
}

#[test]
fn memory_conforms() {
    conforms(&MemoryKeychain::default());
}

/// A keychain that is locked until somebody unlocks it.
#[derive(Clone, Default)]
struct Door {
    inside: Arc<MemoryKeychain>,
    open: Arc<AtomicBool>,
}

impl Door {
    fn inside(&self) -> Result<&MemoryKeychain, Trouble> {
        self.open.load(Ordering::SeqCst).then_some(self.inside.as_ref()).ok_or(Trouble::Locked)
    }
}

impl Keychain for Door {
    fn read(&self, name: &str) -> Result<Option<Secret>, Trouble> {
        self.inside()?.read(name)
    }
    fn write(&self, name: &str, secret: &Secret) -> Result<(), Trouble> {
        self.inside()?.write(name, secret)
    }
    fn forget(&self, name: &str) -> Result<(), Trouble> {
        self.inside()?.forget(name)
    }
}

#[tokio::test]
async fn secrets_in_memory_move_to_a_keychain_that_works_again() {
    let door = Door::default();
    let lock = door.open.clone();
    let vault = Vault::open(door.clone()).await;
    assert_eq!(vault.trouble(), Some(Trouble::Locked), "the person is told");
    vault.write("refresh", &Secret::new("token")).await;
    assert_eq!(
        vault.read("refresh").await,
        Ok(Some(Secret::new("token"))),
        "the session lasts in memory meanwhile"
    );

    lock.store(true, Ordering::SeqCst);
    door.inside.write("earlier", &Secret::new("kept")).unwrap();
    assert_eq!(
        vault.read("earlier").await,
        Ok(Some(Secret::new("kept"))),
        "what memory lacks is asked for again"
    );
    assert_eq!(vault.trouble(), None, "an unlocked keychain is found by that");
    assert_eq!(vault.read("refresh").await, Ok(Some(Secret::new("token"))), "and it holds what memory held");
}

#[tokio::test]
async fn a_keychain_that_is_locked_in_the_midst_of_a_session_ends_none() {
    let door = Door::default();
    door.open.store(true, Ordering::SeqCst);
    door.inside.write("refresh", &Secret::new("yesterday's")).unwrap();
    let vault = Vault::open(door.clone()).await;
    assert_eq!(vault.read("refresh").await, Ok(Some(Secret::new("yesterday's"))), "it works");

    door.open.store(false, Ordering::SeqCst);
    let read = vault.read("refresh").await;
    assert_eq!(read, Ok(Some(Secret::new("yesterday's"))), "what was read is not forgotten");
    assert_eq!(vault.trouble(), Some(Trouble::Locked), "the person is told why it may not last");
    for _ in 0..2 {
        let unknown = vault.read("device").await;
        assert_eq!(unknown, Err(Trouble::Locked), "nobody says that there is no such secret");
    }
    vault.write("refresh", &Secret::new("today's")).await;
    assert_eq!(
        vault.read("refresh").await,
        Ok(Some(Secret::new("today's"))),
        "the session goes on in memory"
    );

    door.open.store(true, Ordering::SeqCst);
    assert_eq!(vault.read("refresh").await, Ok(Some(Secret::new("today's"))), "and is what it was");
    assert_eq!(vault.trouble(), None, "all is well again");
    let kept = door.inside.read("refresh").unwrap();
    assert_eq!(kept, Some(Secret::new("today's")), "also for the next start: the other one is spent");
}

#[tokio::test]
async fn two_apps_that_start_at_once_do_not_take_each_others_probe() {
    /// A keychain that two apps share; it notes under which names they write.
    #[derive(Clone, Default)]
    struct Shared(Arc<(MemoryKeychain, std::sync::Mutex<Vec<String>>)>);
    impl Keychain for Shared {
        fn read(&self, name: &str) -> Result<Option<Secret>, Trouble> {
            self.0.0.read(name)
        }
        fn write(&self, name: &str, secret: &Secret) -> Result<(), Trouble> {
            self.0.1.lock().unwrap().push(name.to_owned());
            self.0.0.write(name, secret)
        }
        fn forget(&self, name: &str) -> Result<(), Trouble> {
            self.0.0.forget(name)
        }
    }

    let keychain = Shared::default();
    for _ in ["Imke's window", "Tomás's window"] {
        assert_eq!(Vault::open(keychain.clone()).await.trouble(), None, "the keychain works");
    }
    let names = keychain.0.1.lock().unwrap().clone();
    let [first, second] = names.as_slice() else { panic!("each probes once: {names:?}") };
    assert_ne!(
        first, second,
        "or one removes what the other is about to read, and takes the keychain for broken"
    );
    for name in &names {
        assert_eq!(keychain.read(name).unwrap(), None, "a probe leaves nothing behind");
    }
}

#[cfg(target_os = "linux")]
mod daemon {
    use std::process::Command;

    use super::*;

    /// Starts the daemon, in place of one that runs, and unlocks it.
    const UNLOCK: &str =
        "printf 'open sesame' | gnome-keyring-daemon --replace --unlock --components=secrets >/dev/null;";
    /// The same without unlocking: what is in it stays locked.
    const LOCK: &str = "gnome-keyring-daemon --replace --components=secrets >/dev/null;";

    /// Runs one of the ignored tests below in a session of its own, after this shell line.
    fn in_a_session(line: &str, test: &str) {
        let home = tempfile::tempdir().unwrap();
        let program = std::env::current_exe().unwrap();
        let script = format!("{line} exec {} --exact --ignored --nocapture {test}", program.display());
        let output = Command::new("dbus-run-session")
            .args(["--", "bash", "-c", &script])
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path().join("data"))
            .env("XDG_RUNTIME_DIR", home.path())
            .env_remove("DISPLAY")
            .env_remove("DBUS_SESSION_BUS_ADDRESS")
            .output()
            .expect("dbus-run-session starts; `cargo xtask setup` installs it");
        let (said, complained) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(
            output.status.success() && said.contains("1 passed"),
            "in the session:\n{said}\n{complained}"
        );
    }

    #[test]
    fn an_unlocked_daemon_conforms() {
        in_a_session(UNLOCK, "keychain::tests::daemon::unlocked");
    }

    #[test]
    fn a_daemon_that_restarts_is_found_again() {
        in_a_session(UNLOCK, "keychain::tests::daemon::restarted");
    }

    #[test]
    fn a_locked_keychain_is_told_from_a_missing_one_and_gives_back_what_it_holds() {
        in_a_session(UNLOCK, "keychain::tests::daemon::locked");
    }

    #[test]
    fn a_keychain_that_is_locked_after_the_start_ends_no_session() {
        in_a_session(UNLOCK, "keychain::tests::daemon::locked_later");
    }

    #[test]
    fn a_keychain_that_nobody_has_made_yet_is_locked_too() {
        in_a_session(LOCK, "keychain::tests::daemon::empty");
    }

    #[test]
    fn without_a_daemon_secrets_stay_in_memory() {
        in_a_session(
            "export DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent;",
            "keychain::tests::daemon::absent",
        );
    }

    #[test]
    #[ignore = "runs in a session of its own, started by the story above"]
    fn unlocked() {
        conforms(&SystemKeychain);
    }

    #[test]
    #[ignore = "runs in a session of its own, started by the story above"]
    fn restarted() {
        SystemKeychain.write("refresh", &Secret::new("token")).unwrap();
        take_over(UNLOCK);
        let kept = SystemKeychain.read("refresh");
        assert_eq!(
            kept,
            Ok(Some(Secret::new("token"))),
            "or everybody is signed out when a daemon is updated"
        );
    }

    /// Another daemon takes over.
    fn take_over(line: &str) {
        let status = Command::new("bash").args(["-c", line]).status().unwrap();
        assert!(status.success(), "{line}");
    }

    #[tokio::test]
    #[ignore = "runs in a session of its own, started by the story above"]
    async fn locked() {
        SystemKeychain.write("refresh", &Secret::new("yesterday's")).unwrap();
        take_over(LOCK);
        assert_eq!(
            SystemKeychain.read("refresh"),
            Err(Trouble::Locked),
            "who is told that there is no such secret believes that nobody is signed in"
        );
        let vault = Vault::open(SystemKeychain).await;
        assert_eq!(vault.trouble(), Some(Trouble::Locked), "it can be unlocked, so say that it is locked");
        assert_eq!(vault.read("refresh").await, Ok(None), "nobody waits for what is behind the lock");
        vault.write("device", &Secret::new("today's")).await;
        let kept = vault.read("device").await;
        assert_eq!(kept, Ok(Some(Secret::new("today's"))), "the session goes on in memory");

        take_over(UNLOCK);
        let found = vault.read("refresh").await;
        assert_eq!(found, Ok(Some(Secret::new("yesterday's"))), "unlocked, it gives back what it held");
        assert_eq!(vault.trouble(), None, "and that is said");
        let moved = SystemKeychain.read("device");
        assert_eq!(moved, Ok(Some(Secret::new("today's"))), "what memory held meanwhile is in it now");
    }

    #[tokio::test]
    #[ignore = "runs in a session of its own, started by the story above"]
    async fn locked_later() {
        let vault = Vault::open(SystemKeychain).await;
        vault.write("refresh", &Secret::new("yesterday's")).await;
        take_over(LOCK);
        let read = vault.read("refresh").await;
        assert_eq!(read, Ok(Some(Secret::new("yesterday's"))), "who is signed in stays it");
        assert_eq!(vault.trouble(), Some(Trouble::Locked), "and is told why that may not last");
        vault.write("refresh", &Secret::new("today's")).await;

        take_over(UNLOCK);
        assert_eq!(vault.read("refresh").await, Ok(Some(Secret::new("today's"))), "the session went on");
        assert_eq!(vault.trouble(), None, "and the trouble is over");
        let moved = SystemKeychain.read("refresh");
        assert_eq!(moved, Ok(Some(Secret::new("today's"))), "the next start finds what is not spent");
    }

    #[tokio::test]
    #[ignore = "runs in a session of its own, started by the story above"]
    async fn empty() {
        let vault = Vault::open(SystemKeychain).await;
        assert_eq!(vault.trouble(), Some(Trouble::Locked), "it can be made, so it is not missing");
        vault.write("refresh", &Secret::new("token")).await;
        let kept = vault.read("refresh").await;
        assert_eq!(kept, Ok(Some(Secret::new("token"))), "the session goes on in memory");
    }

    #[tokio::test]
    #[ignore = "runs in a session of its own, started by the story above"]
    async fn absent() {
        let vault = Vault::open(SystemKeychain).await;
        assert_eq!(vault.trouble(), Some(Trouble::Missing), "say that there is none");
        vault.write("refresh", &Secret::new("token")).await;
        assert_eq!(
            vault.read("refresh").await,
            Ok(Some(Secret::new("token"))),
            "the session goes on in memory"
        );
    }
}
