//! The child process that reads documents: what it may use of the machine.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

/// As much address space as this operator leaves to everything: less than the worker takes for itself.
const LEFT: u64 = 200 << 20;

#[test]
fn a_worker_takes_no_more_of_the_machine_than_it_may() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sheaf-relay"));
    command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let announced = 1_u32 << 20;
    input.write_all(&announced.to_le_bytes()).unwrap();
    // More than a pipe holds: once it is written the worker reads, and before that it has bound itself.
    input.write_all(&vec![0; announced as usize - 1]).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let most = |what: &str| {
        let line = limits.lines().find(|line| line.starts_with(what));
        let mut words = line.expect(what).strip_prefix(what).unwrap().split_whitespace();
        [(); 2].map(|()| words.next().and_then(|number| number.parse().ok()).unwrap_or(u64::MAX))
    };
    let memory = most("Max address space");
    assert!(memory.iter().all(|bytes| *bytes <= 2 << 30), "two gigabytes, for good: {memory:?}");
    let time = most("Max cpu time");
    assert!(time.iter().all(|seconds| *seconds <= 60), "a minute, for good: {time:?}");
    drop(input);
    assert!(!child.wait().unwrap().success(), "and the update that broke off is none");
}

#[test]
#[expect(unsafe_code, reason = "what a child may use can only be set between fork and exec")]
fn a_worker_that_needs_too_much_memory_fails_and_says_so() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sheaf-relay"));
    command.arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let limit = libc::rlimit { rlim_cur: LEFT, rlim_max: LEFT };
    let bound = move || {
        // SAFETY: `setrlimit` may be called between fork and exec, and the limit lives as long as the call.
        match unsafe { libc::setrlimit(libc::RLIMIT_AS, &raw const limit) } {
            0 => Ok(()),
            _ => Err(std::io::Error::last_os_error()),
        }
    };
    // SAFETY: the closure does nothing but that.
    let mut child = unsafe { command.pre_exec(bound) }.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let announced = u32::try_from(LEFT).unwrap();
    input.write_all(&announced.to_le_bytes()).unwrap();
    let piece = vec![0; 1 << 20];
    // It ends before it has read all of it.
    while input.write_all(&piece).is_ok() {}
    let mut words = String::new();
    child.stderr.take().unwrap().read_to_string(&mut words).unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(1), "it fails in order: {status}, {words}");
    assert!(words.contains("memory"), "and says for want of what: {words}");
}
