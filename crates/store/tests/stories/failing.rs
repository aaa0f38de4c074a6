//! A disk that fails when a story says so: SQLite's own way to the disk, with faults put in between.
//!
//! Each file that SQLite opens in this process gets a copy of its table of methods in which writing, syncing and
//! growing the index of the write-ahead log first ask what is planned for the folder that it lies in. Everything else
//! goes straight through. Nothing here cuts the power, so a sync that works does nothing.

#![allow(clippy::unwrap_used, reason = "a panic in a story is its report")]
#![expect(
    unsafe_code,
    reason = "a way to the disk is a table of C functions; each call goes on to SQLite's own"
)]

use std::ffi::{CStr, OsStr};
use std::os::raw::{c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use rusqlite::ffi::{
    SQLITE_FULL, SQLITE_IOERR_FSYNC, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_WRITE, SQLITE_OK, sqlite3_file,
    sqlite3_int64, sqlite3_io_methods, sqlite3_vfs, sqlite3_vfs_find, sqlite3_vfs_register,
};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no room for a write.
    Full,
    /// A write fails and leaves nothing.
    Write,
    /// A write fails half-way.
    Short,
    /// A sync fails.
    Sync,
    /// There is no room for the index of the write-ahead log.
    Index,
}

impl Fault {
    pub const ALL: [Self; 5] = [Self::Full, Self::Write, Self::Short, Self::Sync, Self::Index];

    fn code(self) -> c_int {
        match self {
            Self::Full => SQLITE_FULL,
            Self::Write | Self::Short => SQLITE_IOERR_WRITE,
            Self::Sync => SQLITE_IOERR_FSYNC,
            Self::Index => SQLITE_IOERR_SHMSIZE,
        }
    }
}

struct Plan {
    folder: PathBuf,
    fault: Fault,
    /// Operations of the fault's kind that still work.
    works: u32,
    /// Whether everything after the first failure fails too.
    lasts: bool,
    struck: bool,
}

static PLANS: Mutex<Vec<Plan>> = Mutex::new(Vec::new());

fn plans() -> MutexGuard<'static, Vec<Plan>> {
    PLANS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The `nth` operation of this kind from now on fails in this folder, and if it `lasts` all those after it.
pub fn plan(folder: &Path, fault: Fault, nth: u32, lasts: bool) {
    let folder = folder.canonicalize().unwrap();
    plans().push(Plan { folder, fault, works: nth - 1, lasts, struck: false });
}

/// The disk works again. Says whether it ever failed.
pub fn lift(folder: &Path) -> bool {
    let folder = folder.canonicalize().unwrap();
    plans().extract_if(.., |plan| plan.folder == folder).fold(false, |struck, plan| struck | plan.struck)
}

/// What fails now when one of these kinds of operation is done in a folder.
fn struck(folder: &Path, kinds: &[Fault]) -> Option<Fault> {
    let mut plans = plans();
    let plan = plans.iter_mut().find(|plan| folder == plan.folder && kinds.contains(&plan.fault))?;
    let strikes = plan.works == 0 && (plan.lasts || !plan.struck);
    plan.works = plan.works.saturating_sub(1);
    plan.struck |= strikes;
    strikes.then_some(plan.fault)
}

/// A file's table, SQLite's own behind it, and where the file lies.
#[repr(C)]
struct Table {
    methods: sqlite3_io_methods,
    own: &'static sqlite3_io_methods,
    folder: PathBuf,
}

/// Makes this way to the disk the one that every connection of the process takes.
pub fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: SQLite's default way lives as long as the process, and so does the copy of it.
        unsafe {
            let own = *sqlite3_vfs_find(std::ptr::null());
            let failing = sqlite3_vfs { xOpen: Some(open), zName: c"failing".as_ptr(), ..own };
            assert_eq!(sqlite3_vfs_register(Box::leak(Box::new(failing)), 1), SQLITE_OK);
        }
    });
}

unsafe extern "C" fn open(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: as for this call; the file that SQLite's own way has opened carries its table.
    unsafe {
        let own = sqlite3_vfs_find(c"unix".as_ptr());
        let code = (*own).xOpen.unwrap()(own, name, file, flags, out);
        if code == SQLITE_OK {
            let own = &*(*file).pMethods;
            let path = if name.is_null() { c"" } else { CStr::from_ptr(name) };
            let folder = Path::new(OsStr::from_bytes(path.to_bytes())).parent().unwrap_or(Path::new(""));
            let methods = sqlite3_io_methods {
                xWrite: Some(write),
                xSync: Some(sync),
                xShmMap: own.xShmMap.map(|_| shm_map as _),
                ..*own
            };
            (*file).pMethods =
                (&raw const Box::leak(Box::new(Table { methods, own, folder: folder.to_owned() })).methods)
                    .cast();
        }
        code
    }
}

/// The table that `open` gave to a file.
unsafe fn table(file: *mut sqlite3_file) -> &'static Table {
    // SAFETY: it is never taken away.
    unsafe { &*(*file).pMethods.cast::<Table>() }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    len: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: as for this call; half of the bytes are bytes too.
    unsafe {
        let table = table(file);
        let write = table.own.xWrite.unwrap();
        match struck(&table.folder, &[Fault::Full, Fault::Write, Fault::Short]) {
            None => write(file, bytes, len, at),
            Some(fault) => {
                if fault == Fault::Short {
                    write(file, bytes, len / 2, at);
                }
                fault.code()
            }
        }
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _: c_int) -> c_int {
    // SAFETY: as for this call.
    let table = unsafe { table(file) };
    struck(&table.folder, &[Fault::Sync]).map_or(SQLITE_OK, Fault::code)
}

unsafe extern "C" fn shm_map(
    file: *mut sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: as for this call.
    let table = unsafe { table(file) };
    match struck(&table.folder, if extend == 0 { &[] } else { &[Fault::Index] }) {
        Some(fault) => fault.code(),
        // SAFETY: as for this call.
        None => unsafe { table.own.xShmMap.unwrap()(file, page, size, extend, out) },
    }
}
