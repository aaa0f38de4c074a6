//! What a worker process may use of the machine.

/// Address space in bytes.
#[cfg(target_os = "linux")]
const MEMORY: u64 = 2 * 1024 * 1024 * 1024;
/// Seconds of processor time.
#[cfg(unix)]
const TIME: u64 = 60;

/// Bounds this process for the rest of its life: past its memory an allocation fails, past its time it is killed. The
/// kernel of macOS refuses to bound the memory.
#[cfg(unix)]
pub(super) fn bound() -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    set(libc::RLIMIT_AS, MEMORY)?;
    set(libc::RLIMIT_CPU, TIME)
}

/// Other systems have no such call; the worker is still a process of its own.
#[cfg(not(unix))]
pub(super) fn bound() -> std::io::Result<()> {
    Ok(())
}

/// The kind of limit has another integer type on each system.
#[cfg(all(unix, target_os = "linux", target_env = "gnu"))]
type Kind = libc::__rlimit_resource_t;
#[cfg(all(unix, not(all(target_os = "linux", target_env = "gnu"))))]
type Kind = libc::c_int;

#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "the standard library has no resource limits; the calls only use a struct that lives here"
)]
fn set(kind: Kind, most: u64) -> std::io::Result<()> {
    let mut limit = libc::rlimit { rlim_cur: most, rlim_max: most };
    // SAFETY: `limit` is a valid rlimit for both calls, which keep no pointer to it.
    let done = unsafe {
        libc::getrlimit(kind, &raw mut limit) == 0 && {
            // The operator may have bounded everything more tightly, and nobody may loosen that.
            let most = most.min(limit.rlim_max);
            limit = libc::rlimit { rlim_cur: most, rlim_max: most };
            libc::setrlimit(kind, &raw const limit) == 0
        }
    };
    if done { Ok(()) } else { Err(std::io::Error::last_os_error()) }
}
