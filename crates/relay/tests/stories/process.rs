//! The relay as a process of its own, and its log as it lies on the disk.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sheaf_document::ids::ContentHash;
use sheaf_protocol::entry::{Counter, Seq};
use sheaf_protocol::rest::InvitationLink;

/// The program itself, as an operator runs it.
pub struct Process {
    child: Child,
    pub addr: SocketAddr,
    pub link: Option<InvitationLink>,
}

impl Process {
    pub fn start(data: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sheaf-relay"));
        command.args(["serve", "--log", "warn", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        let mut child = large_files_are_errors(&mut command).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let first = lines.next().expect("the relay says where it listens");
        let addr = first.strip_prefix("The relay listens on http://").unwrap().trim_end_matches('.');
        let addr = addr.parse().unwrap();
        let link = std::fs::read_to_string(data.join("owner-invitation.txt")).ok();
        let link = link.map(|link| InvitationLink::parse(&link).unwrap());
        Self { child, addr, link }
    }

    /// SIGKILL: no last words, no flush.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// No file of this process may grow beyond so many bytes from now on: a disk that is full, as far as it can tell.
    #[cfg(target_os = "linux")]
    #[expect(
        unsafe_code,
        reason = "the standard library has no resource limits; the call only reads a struct"
    )]
    pub fn files_end_at(&self, bytes: u64) {
        let limit = libc::rlimit { rlim_cur: bytes, rlim_max: libc::RLIM_INFINITY };
        let pid = libc::pid_t::try_from(self.child.id()).unwrap();
        // SAFETY: the limit lives as long as the call, and nothing is written back.
        let done = unsafe { libc::prlimit(pid, libc::RLIMIT_FSIZE, &raw const limit, std::ptr::null_mut()) };
        assert_eq!(done, 0, "{}", std::io::Error::last_os_error());
    }
}

/// A file that may not grow is an error to the child, as a full disk is, and not its end.
#[cfg(unix)]
#[expect(unsafe_code, reason = "what a signal means to a child can only be set between fork and exec")]
fn large_files_are_errors(command: &mut Command) -> &mut Command {
    use std::os::unix::process::CommandExt as _;
    let ignore = || {
        // SAFETY: `signal` may be called between fork and exec.
        unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
        Ok(())
    };
    // SAFETY: the closure does nothing but that.
    unsafe { command.pre_exec(ignore) }
}

#[cfg(not(unix))]
fn large_files_are_errors(command: &mut Command) -> &mut Command {
    command
}

/// What the log holds (number, first byte of the replica's name, counter, hash), read from the file beside the running relay.
pub fn log(data: &Path) -> Vec<(Seq, u8, Counter, ContentHash)> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = rusqlite::Connection::open_with_flags(data.join("relay.db"), flags).unwrap();
    let mut statement = database
        .prepare(
            "SELECT l.line & 1099511627775, r.replica, l.counter, l.hash
             FROM log l JOIN replicas r ON r.number = l.replica ORDER BY l.line",
        )
        .unwrap();
    let rows = statement.query_map([], |row| {
        let replica: [u8; 16] = row.get(1)?;
        Ok((row.get(0)?, replica[0], row.get(2)?, ContentHash::from_bytes(row.get(3)?)))
    });
    rows.unwrap().map(Result::unwrap).collect()
}
