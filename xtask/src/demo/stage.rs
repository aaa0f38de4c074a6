//! The stage of the demo: two windows side by side, the line to their relay, and the person at the terminal, who can cut the
//! line and kill an app.
//!
//! One loop waits for the next thing to happen, be it a line from the terminal or the end of a window.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use anyhow::Context as _;

use super::line::Line;
use crate::run;

/// What the person at the terminal can do.
const HOW: &str = "The tunnel: press Enter here to cut the line to the relay, and again to restore it. Type 1 and Enter to kill \
the left app as a power cut would, and again to open it; 2 is the right one. Close both windows to end.";

/// Somebody with a profile and, most of the time, a window on it.
pub struct Person {
    name: &'static str,
    profile: PathBuf,
    /// The half of the screen that the window takes.
    side: &'static str,
    /// The process of the window that is open.
    window: Option<u32>,
}

impl Person {
    /// Returns somebody whose window is still closed.
    pub fn new(name: &'static str, profile: PathBuf, side: &'static str) -> Self {
        Self { name, profile, side, window: None }
    }

    /// Kills the app at once; its end is told by whoever waits for it.
    fn kill(&self) -> anyhow::Result<()> {
        let Some(process) = self.window.map(|process| process.to_string()) else { return Ok(()) };
        let mut kill = if cfg!(windows) {
            run::command("taskkill", &["/F", "/PID", &process])
        } else {
            run::command("kill", &["-9", &process])
        };
        kill.output().context("the app cannot be killed")?;
        Ok(())
    }
}

impl Drop for Person {
    /// However the demo ends, its windows end with it.
    fn drop(&mut self) {
        let _ = self.kill();
    }
}

enum Event {
    /// Somebody typed a line in the terminal.
    Typed(String),
    /// A window is closed, or its app was killed.
    Closed { who: usize },
}

/// Everything that the person at the terminal can touch.
pub struct Stage {
    people: [Person; 2],
    line: Line,
    happens: Receiver<Event>,
    tell: Sender<Event>,
}

impl Stage {
    /// Returns a stage on which nothing is open yet.
    pub fn new(people: [Person; 2], line: Line) -> Self {
        let (tell, happens) = mpsc::channel();
        Self { people, line, happens, tell }
    }

    /// Opens both windows, and does what is asked in the terminal until both are closed.
    ///
    /// # Errors
    /// When an app does not start.
    pub fn play(mut self) -> anyhow::Result<()> {
        for who in 0..self.people.len() {
            self.open(who)?;
        }
        if io::stdin().is_terminal() {
            run::say(HOW);
            self.listen();
        }
        while self.people.iter().any(|person| person.window.is_some()) {
            match self.happens.recv()? {
                Event::Typed(words) => match words.trim() {
                    "" if self.line.cut_or_restore() => {
                        run::say("The line is cut. Go on writing on both sides.")
                    }
                    "" => run::say("The line is whole again. Each window finds it within half a minute."),
                    "1" => self.kill_or_open(0)?,
                    "2" => self.kill_or_open(1)?,
                    _ => run::say(HOW),
                },
                Event::Closed { who } => {
                    if let Some(person) = self.people.get_mut(who) {
                        person.window = None;
                        run::say(&format!("{}'s window is closed", person.name));
                    }
                }
            }
        }
        Ok(())
    }

    fn kill_or_open(&mut self, who: usize) -> anyhow::Result<()> {
        match self.people.get(who) {
            Some(person) if person.window.is_some() => person.kill(),
            _ => self.open(who),
        }
    }

    fn open(&mut self, who: usize) -> anyhow::Result<()> {
        let person = self.people.get_mut(who).context("nobody sits there")?;
        let mut app = run::command(&run::built("debug", "sheaf-desktop").to_string_lossy(), &[]);
        app.env("SHEAF_PROFILE", &person.profile).env("SHEAF_SIDE", person.side);
        if std::env::var_os("DISPLAY").is_some() {
            app.env("GDK_BACKEND", "x11"); // under Wayland a program cannot place its window, under X it can
        }
        let mut window = app.spawn().context("the app does not start")?;
        person.window = Some(window.id());
        let tell = self.tell.clone();
        thread::spawn(move || {
            let _ = window.wait();
            let _ = tell.send(Event::Closed { who }); // nobody listens once the demo is over
        });
        Ok(())
    }

    fn listen(&self) {
        let tell = self.tell.clone();
        thread::spawn(move || {
            for words in io::stdin().lock().lines().map_while(Result::ok) {
                let _ = tell.send(Event::Typed(words));
            }
        });
    }
}
