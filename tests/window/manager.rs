//! What a window manager does to a window: it presses the cross in its corner, and puts it away.
//!
//! The stories' screens have no window manager, so this acts in its stead, in a few words of the X protocol (X.Org's "X
//! Window System Protocol", version 11; "Inter-Client Communication Conventions Manual", 4.1.4 and 4.2.8.1). Deliberately
//! absent: which of several programs' windows lies on top, which is a manager's own decision.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;

/// Requests of the protocol.
const GET_WINDOW_ATTRIBUTES: u8 = 3;
const UNMAP_WINDOW: u8 = 10;
const INTERN_ATOM: u8 = 16;
const QUERY_TREE: u8 = 15;
const GET_PROPERTY: u8 = 20;
const SEND_EVENT: u8 = 25;
/// The event in which programs talk to each other.
const CLIENT_MESSAGE: u8 = 33;
/// A window that is drawn.
const VIEWABLE: u8 = 2;

/// Presses the cross of every window on a screen that belongs to this process.
pub fn press_cross(display: &str, pid: u32) {
    let mut screen = Screen::of(display);
    let [protocols, delete] = ["WM_PROTOCOLS", "WM_DELETE_WINDOW"].map(|name| screen.atom(name));
    for window in screen.windows_of(pid) {
        screen.tell(window, protocols, delete);
    }
    screen.is_heard();
}

/// Puts every such window away: a minimised window is one that is not drawn though its program shows it.
pub fn minimise(display: &str, pid: u32) {
    let mut screen = Screen::of(display);
    for window in screen.windows_of(pid) {
        screen.say(UNMAP_WINDOW, &window.to_le_bytes());
    }
    screen.is_heard();
}

/// Says whether such a window is drawn.
pub fn is_on_screen(display: &str, pid: u32) -> bool {
    let mut screen = Screen::of(display);
    let windows = screen.windows_of(pid);
    windows.into_iter().any(|window| {
        let about = screen.ask(GET_WINDOW_ATTRIBUTES, &window.to_le_bytes());
        about.is_some_and(|answer| answer.head.get(26) == Some(&VIEWABLE))
    })
}

/// A conversation with a screen.
struct Screen {
    line: UnixStream,
    root: u32,
}

impl Screen {
    fn of(display: &str) -> Self {
        let number = display.strip_prefix(':').expect("a screen of this machine");
        let mut line = UnixStream::connect(format!("/tmp/.X11-unix/X{number}")).expect("the screen is there");
        line.write_all(&[b'l', 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]).expect("it listens");
        let head = read(&mut line, 8);
        assert!(head.starts_with(&[1]), "it lets us in");
        let about = read(&mut line, 4 * (word(&head, 4) >> 16) as usize);
        let (vendor, formats) = (word(&about, 16) & 0xffff, word(&about, 20) >> 8 & 0xff);
        let root = 32 + vendor.next_multiple_of(4) + 8 * formats;
        Self { root: word(&about, root as usize), line }
    }

    /// Returns the windows of a process that have a cross; there is one at least.
    fn windows_of(&mut self, pid: u32) -> Vec<u32> {
        let [protocols, delete, owner] =
            ["WM_PROTOCOLS", "WM_DELETE_WINDOW", "_NET_WM_PID"].map(|name| self.atom(name));
        let mut windows = self.windows();
        windows.retain(|&window| {
            self.property(window, protocols).contains(&delete) && self.property(window, owner) == [pid]
        });
        assert!(!windows.is_empty(), "process {pid} has a window with a cross");
        windows
    }

    /// Waits until everything that was said was heard: whoever asks for an answer knows that.
    fn is_heard(&mut self) {
        self.windows();
    }

    /// Returns the number of a name.
    fn atom(&mut self, name: &str) -> u32 {
        let mut body = (name.len() as u32).to_le_bytes().to_vec();
        body.extend(name.as_bytes());
        body.resize(body.len().next_multiple_of(4), 0);
        self.ask(INTERN_ATOM, &body).expect("every name has a number").first()
    }

    /// Returns the windows that lie on the screen itself.
    fn windows(&mut self) -> Vec<u32> {
        self.ask(QUERY_TREE, &self.root.to_le_bytes()).expect("a screen has windows").list
    }

    /// Returns a property that is a list of numbers; an empty one when it, or by now the window, is not there.
    fn property(&mut self, window: u32, property: u32) -> Vec<u32> {
        let any = 0;
        let body: Vec<u8> = [window, property, any, 0, 64].into_iter().flat_map(u32::to_le_bytes).collect();
        self.ask(GET_PROPERTY, &body).map(|answer| answer.list).unwrap_or_default()
    }

    /// Tells a window's program something.
    fn tell(&mut self, window: u32, kind: u32, what: u32) {
        let event = [window, kind, what, 0, 0, 0, 0].into_iter().flat_map(u32::to_le_bytes);
        let mut body: Vec<u8> = [window, 0].into_iter().flat_map(u32::to_le_bytes).collect();
        body.extend([CLIENT_MESSAGE, 32, 0, 0]);
        body.extend(event);
        self.say(SEND_EVENT, &body);
    }

    fn say(&mut self, request: u8, body: &[u8]) {
        let length = (1 + body.len() / 4) as u16;
        let head = [&[request, 0][..], &length.to_le_bytes()].concat();
        self.line.write_all(&[&head, body].concat()).expect("the screen listens");
    }

    /// Returns the answer; none to what cannot be answered.
    fn ask(&mut self, request: u8, body: &[u8]) -> Option<Answer> {
        self.say(request, body);
        let head = read(&mut self.line, 32);
        if head.starts_with(&[0]) {
            return None;
        }
        let list = read(&mut self.line, 4 * word(&head, 4) as usize);
        let list = list.chunks_exact(4).map(|bytes| word(bytes, 0)).collect();
        Some(Answer { head, list })
    }
}

/// What the screen answers: a head, and a list.
struct Answer {
    head: Vec<u8>,
    list: Vec<u32>,
}

impl Answer {
    /// Returns the number that most answers begin with.
    fn first(&self) -> u32 {
        word(&self.head, 8)
    }
}

fn read(line: &mut UnixStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    line.read_exact(&mut bytes).expect("the screen says all of it");
    bytes
}

fn word(bytes: &[u8], at: usize) -> u32 {
    let word = bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
    u32::from_le_bytes(word.expect("four bytes"))
}
