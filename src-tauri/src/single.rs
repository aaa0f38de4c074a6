//! One app per profile: whoever starts second calls the first one to the front, tells it which document is wanted, if any, and goes.
//!
//! A lock on a file says whether somebody is there; a socket on this machine, whose port and password stand in a file that
//! only this person can read, is how to call them. It needs no session bus and works alike on every system; different
//! profiles know nothing of each other. The replica's own lock is what protects the data.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use sheaf_client::chance;
use sheaf_document::ids::DocumentId;

const LOCK: &str = "window.lock";
const DOOR: &str = "window.door";
const HERE: &[u8] = b"here";
/// Digits of the password.
const DIGITS: usize = 32;
/// Characters of an id: what is wanted is written behind the password, blank for nothing.
const WANTED: usize = 36;
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often lock and door are looked at while the other app is still starting or ending.
const LOOKS: u32 = 20;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Whose profile it is.
#[derive(Debug)]
pub enum Claim {
    /// This process's, as long as it keeps the holder.
    Ours(Holder),
    /// Another's, and it has come to the front.
    Theirs,
    /// Another's, and it does not answer.
    Unanswered,
}

/// Holds a profile until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct Holder {
    lock: File,
    listener: TcpListener,
    password: String,
}

/// Claims a profile for this process, or calls the one that has it, for the sake of a document if one is wanted.
///
/// # Errors
/// When the folder cannot be written, or there is no port to be had.
pub fn claim(folder: &Path, wanted: Option<DocumentId>) -> io::Result<Claim> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(folder.join(LOCK))?;
    for _ in 0..LOOKS {
        match lock.try_lock() {
            Ok(()) => return hold(folder, lock).map(Claim::Ours),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if let Some(answer) = ask(folder, wanted) {
            return Ok(answer);
        }
        thread::sleep(BETWEEN_LOOKS); // it may be just starting, or just ending
    }
    Ok(Claim::Unanswered)
}

fn hold(folder: &Path, lock: File) -> io::Result<Holder> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let password = format!("{:0DIGITS$x}", u128::from_le_bytes(chance::bytes()));
    write_door(folder, &format!("{} {password}", listener.local_addr()?.port()))?;
    Ok(Holder { lock, listener, password })
}

impl Holder {
    /// Calls this function whenever another process wanted the profile, with the document that it wanted; until the process
    /// ends.
    pub fn serve(self, called: impl Fn(Option<DocumentId>) + Send + 'static) {
        thread::spawn(move || {
            let Self { lock: _held, listener, password } = self;
            for stream in listener.incoming() {
                if let Ok(stream) = stream
                    && knock(stream, &password, &called).is_err()
                {
                    tracing::info!("somebody knocked who has no business here");
                }
            }
        });
    }
}

fn knock(mut stream: TcpStream, password: &str, called: &impl Fn(Option<DocumentId>)) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut said = [0; DIGITS];
    stream.read_exact(&mut said)?;
    if said != password.as_bytes() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let mut wanted = [0; WANTED];
    stream.read_exact(&mut wanted)?;
    called(str::from_utf8(&wanted).ok().and_then(|id| id.parse().ok()));
    stream.write_all(HERE)
}

/// Knocks once; `None` when nobody is behind the door, or there is none yet.
fn ask(folder: &Path, wanted: Option<DocumentId>) -> Option<Claim> {
    let door = fs::read_to_string(folder.join(DOOR)).ok()?;
    let (port, password) = door.split_once(' ')?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port.parse().ok()?)).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    let wanted = wanted.map(|document| document.to_string()).unwrap_or_default();
    stream.write_all(format!("{password}{wanted:WANTED$}").as_bytes()).ok()?;
    let mut answer = [0; HERE.len()];
    let answered = stream.read_exact(&mut answer).is_ok() && answer == HERE;
    Some(if answered { Claim::Theirs } else { Claim::Unanswered })
}

/// Writes the door whole or not at all, for this person's eyes only.
fn write_door(folder: &Path, text: &str) -> io::Result<()> {
    let unborn = folder.join("window.door.new");
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(&unborn)?.write_all(text.as_bytes())?;
    fs::rename(unborn, folder.join(DOOR))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn the_second_start_calls_the_first_and_other_profiles_do_not_notice() {
        let (imke, ada) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (called, calls) = mpsc::channel();
        let Ok(Claim::Ours(holder)) = claim(imke.path(), None) else { panic!("nobody else is there") };
        holder.serve(move |wanted| called.send(wanted).unwrap());

        assert!(matches!(claim(imke.path(), None), Ok(Claim::Theirs)), "the second start is told to go");
        assert_eq!(calls.recv_timeout(PATIENCE), Ok(None), "and the first heard it");
        let ferry = DocumentId::from_bytes([7; 16]);
        assert!(matches!(claim(imke.path(), Some(ferry)), Ok(Claim::Theirs)));
        assert_eq!(calls.recv_timeout(PATIENCE), Ok(Some(ferry)), "also what somebody wanted to see");
        assert!(matches!(claim(ada.path(), None), Ok(Claim::Ours(_))), "another profile is another app");
        assert!(calls.try_recv().is_err(), "which disturbs nobody");
    }

    #[test]
    fn a_crash_leaves_nothing_that_hinders_the_next_start() {
        let imke = tempfile::tempdir().unwrap();
        drop(claim(imke.path(), None).unwrap());
        assert!(imke.path().join(DOOR).exists(), "the door stands as after a crash");
        assert!(matches!(claim(imke.path(), None), Ok(Claim::Ours(_))), "but nobody holds the lock");
    }

    #[test]
    fn who_does_not_know_the_password_calls_nobody() {
        let imke = tempfile::tempdir().unwrap();
        let (called, calls) = mpsc::channel();
        let Ok(Claim::Ours(holder)) = claim(imke.path(), None) else { panic!("nobody else is there") };
        let door = holder.listener.local_addr().unwrap();
        holder.serve(move |wanted| called.send(wanted).unwrap());
        let mut stranger = TcpStream::connect(door).unwrap();
        stranger.write_all(&[b'0'; DIGITS]).unwrap();
        let _ = stranger.read_to_end(&mut Vec::new());
        assert!(calls.try_recv().is_err(), "a web page that guesses ports cannot raise the window");
    }
}
