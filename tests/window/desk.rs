//! A person at a desk: a profile of their own, the app on it, and what they see and type there.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{Duration, sleep, timeout};

use crate::driver::{self, PATIENCE};
use crate::manager;
use crate::pictures;
use crate::reins::Loose;
use crate::session::{Running, Session};

/// Between two looks at something that is about to happen.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A person's device, with or without the app running.
pub struct Desk {
    profile: TempDir,
    /// The app that runs on it.
    app: PathBuf,
    window: Option<(Running, Client)>,
    /// The app, where it is no child of the driver.
    loose: Option<Loose>,
    /// What this desk has besides: variables of the app's environment.
    with: Vec<(&'static str, &'static str)>,
    /// The session that the app runs in; people in one story share it.
    pub session: Arc<Session>,
}

impl Desk {
    /// Returns a device on which the app never ran.
    pub fn new(session: &Arc<Session>) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        Self {
            profile,
            app: driver::app(),
            window: None,
            loose: None,
            with: Vec::new(),
            session: session.clone(),
        }
    }

    /// From its next start on the desk has this app in place of the one that was built last.
    pub fn run(&mut self, app: &Path) {
        app.clone_into(&mut self.app);
    }

    /// Equips the desk: from its next start on the app has this variable in its environment.
    pub fn equip(&mut self, variable: &'static str, value: &'static str) {
        self.with.push((variable, value));
    }

    /// Returns the profile's folder.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Starts the app, whatever it then shows.
    pub async fn open_window(&mut self) {
        let window = driver::start(&self.session, &self.app, self.profile(), &self.with).await;
        self.window = Some(window);
    }

    /// Starts the app so that the driver can be let go of while it runs.
    pub async fn open_window_loosely(&mut self) {
        self.loose = Some(Loose::start(&self.session, self.profile()));
        self.take_reins().await;
    }

    /// Lets go of the driver, which does not outlive the page; the app goes on.
    pub fn drop_reins(&mut self) {
        self.window = None;
    }

    /// Takes the reins of the app that goes on.
    pub async fn take_reins(&mut self) {
        let loose = self.loose.as_ref().expect("it was started so");
        self.window = Some(loose.take(&self.session).await);
    }

    /// Starts the app and waits until a document can be edited.
    pub async fn start(&mut self) {
        self.open_window().await;
        self.see("[data-phase=editing] .ProseMirror").await;
        assert!(
            self.profile().join("workspaces").is_dir(),
            "the app runs on this profile, and not on that of an earlier story"
        );
    }

    /// Kills the app at once, as a power cut would.
    pub fn kill(&mut self) {
        let pid = self.app_pid().expect("the app runs");
        let status = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
        assert!(status.is_ok_and(|status| status.success()), "the app is killed");
        self.window = None;
    }

    /// Presses the cross in the window's corner.
    pub fn press_cross(&self) {
        manager::press_cross(&self.session.display, self.app_pid().expect("the app runs"));
    }

    /// Minimises the window.
    pub fn minimise(&self) {
        manager::minimise(&self.session.display, self.app_pid().expect("the app runs"));
    }

    /// Says whether the window is on the screen.
    pub fn is_on_screen(&self) -> bool {
        manager::is_on_screen(&self.session.display, self.app_pid().expect("the app runs"))
    }

    /// Waits until the app has ended by itself.
    pub async fn gone(&mut self) {
        let ended = async {
            while self.app_pid().is_some() {
                sleep(LOOK_AGAIN).await;
            }
        };
        if timeout(PATIENCE, ended).await.is_err() {
            panic!("the app does not end. The page says: {}", self.everything().await);
        }
        self.window = None;
    }

    /// Returns the app that runs on this profile.
    pub fn app_pid(&self) -> Option<u32> {
        let (app, profile) = (&self.app, format!("SHEAF_PROFILE={}", self.profile().display()));
        let names =
            fs::read_dir("/proc").ok()?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names.filter_map(|name| name.parse().ok()).find(|pid: &u32| {
            let environment = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            fs::read_link(format!("/proc/{pid}/exe")).is_ok_and(|exe| exe == *app)
                && environment.split(|byte| *byte == 0).any(|pair| pair == profile.as_bytes())
        })
    }

    /// Returns the reins of the window.
    pub fn page(&self) -> &Client {
        &self.window.as_ref().expect("the app runs").1
    }

    /// Waits until something is there.
    pub async fn see(&self, selector: &str) -> Element {
        let found =
            self.page().wait().at_most(PATIENCE).every(LOOK_AGAIN).for_element(Locator::Css(selector)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("no {selector} ({error}) on the page: {}", self.everything().await),
        }
    }

    /// Brings this workspace to a relay, or joins a team, through the dialog that this button opens.
    pub async fn meet(&self, button: &str, invitation: &str, name: &str) {
        self.fill_in(button, invitation, name).await;
        self.dialog_is_done().await;
    }

    /// Waits until the dialog is gone.
    pub async fn dialog_is_done(&self) {
        self.until("the dialog is done", async || self.page().find(Locator::Css(".dialog")).await.is_err())
            .await;
    }

    /// Fills in the dialog that this button opens, and sends it off.
    pub async fn fill_in(&self, button: &str, invitation: &str, name: &str) {
        self.press_named(button).await;
        self.introduce(invitation, name).await;
    }

    /// Fills in the dialog that is open, and sends it off.
    pub async fn introduce(&self, invitation: &str, name: &str) {
        self.see(".dialog form input").await;
        let fields = self.page().find_all(Locator::Css(".dialog form input")).await.expect("the form");
        let email = format!("{}@example.org", name.to_lowercase().replace('á', "a"));
        for (field, words) in fields.iter().zip([invitation, name, &email, "correct horse battery"]) {
            field.send_keys(words).await.expect("the field takes words");
        }
        self.press(".dialog button.primary").await;
    }

    /// Presses a button.
    pub async fn press(&self, selector: &str) {
        self.see(selector).await.click().await.expect("it can be pressed");
    }

    /// Presses the button with this name, or chooses it in a menu.
    pub async fn press_named(&self, name: &str) {
        let button = format!("//*[self::button or @role='menuitem'][normalize-space()='{name}']");
        let button = self.page().wait().at_most(PATIENCE).for_element(Locator::XPath(&button)).await;
        button.unwrap_or_else(|_| panic!("{name} is there")).click().await.expect("it can be pressed");
    }

    /// Chooses a workspace in the menu at the top left.
    pub async fn go_to(&self, workspace: &str) {
        self.press(".workspace-switch").await;
        self.choose_workspace(workspace).await;
    }

    /// Chooses a workspace in the menu that is open.
    pub async fn choose_workspace(&self, workspace: &str) {
        let row = format!("//*[@role='menuitemradio'][contains(., '{workspace}')]");
        let row = self.page().wait().at_most(PATIENCE).for_element(Locator::XPath(&row)).await;
        row.expect("it is in the menu").click().await.expect("it can be chosen");
    }

    /// Opens the first document of the tree.
    pub async fn open_first(&self) {
        self.see("[role=treeitem]").await.click().await.expect("the tree can be used");
        self.see("[data-phase=editing] .ProseMirror").await;
    }

    /// Opens the document with this title.
    pub async fn choose(&self, title: &str) {
        let row = format!("//nav//*[@role='treeitem'][contains(@aria-label, '{title}')]");
        let row = self.page().wait().at_most(PATIENCE).for_element(Locator::XPath(&row)).await;
        row.unwrap_or_else(|_| panic!("{title} is in the tree")).click().await.expect("the tree can be used");
    }

    /// Waits until something says this.
    pub async fn says(&self, selector: &str, words: &str) {
        let script = format!("return document.querySelector(\"{selector}\")?.innerText ?? ''");
        let what = format!("{selector} says {words:?}");
        let says = async || self.ask(&script).await.as_str().is_some_and(|said| said.contains(words));
        self.until(&what, says).await;
    }

    /// Waits until the window calls everything that was typed saved, and says so in words.
    pub async fn saved(&self) {
        let script = "const line = document.querySelector('[role=status]'); \
            return line.dataset.kept === 'saved' && !/Saving|Not saved/.test(line.innerText)";
        self.until("it is saved", async || self.ask(script).await == true).await;
    }

    /// Puts the caret behind the last word.
    pub async fn go_to_the_end(&self) {
        let editor = self.see(".ProseMirror").await;
        editor.click().await.expect("the editor takes the focus");
        let end = format!("{}{}", Key::Control, Key::End);
        editor.send_keys(&end).await.expect("the caret moves");
    }

    /// Puts the caret into the middle of a block.
    pub async fn click(&self, block: &str) {
        let block = self.see(&format!(".ProseMirror > {block}")).await;
        block.click().await.expect("it takes the caret");
    }

    /// Types words where the caret is.
    pub async fn type_words(&self, words: &str) {
        self.see(".ProseMirror").await.send_keys(words).await.expect("keys arrive");
    }

    /// Returns the document's text, a line per block.
    pub async fn text(&self) -> String {
        let blocks = "return [...document.querySelectorAll('.ProseMirror > *')]\
            .map((block) => { const copy = block.cloneNode(true);\
            copy.querySelectorAll('.caret, label')\
            .forEach((caret) => caret.remove());\
            return copy.textContent.replaceAll('\\u2060', ''); }).join('\\n')";
        self.ask(blocks).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the text contains these words.
    pub async fn read(&self, words: &str) {
        self.until(&format!("{words:?} is in the text"), async || self.text().await.contains(words)).await;
    }

    /// Waits until the status line says this.
    pub async fn status(&self, words: &str) {
        self.says("[role=status]", words).await;
    }

    /// Waits until something holds.
    pub async fn until(&self, what: &str, holds: impl AsyncFn() -> bool) {
        let waiting = timeout(PATIENCE, async {
            while !holds().await {
                sleep(LOOK_AGAIN).await; // bounded by the patience around it
            }
        });
        if waiting.await.is_err() {
            panic!("in vain: {what}. The page says: {}", self.everything().await);
        }
    }

    /// Asks the page; one that is just being loaded anew answers nothing, and whoever waits asks again.
    pub async fn ask(&self, script: &str) -> Value {
        match self.page().execute(script, Vec::new()).await {
            Ok(answer) => answer,
            Err(error) if error.to_string().contains("Could not parse script result") => Value::Null,
            Err(error) => panic!("the page answers: {error}"),
        }
    }

    /// Keeps a picture where somebody wants to look at it.
    pub async fn picture(&self, name: &str) {
        if pictures::folder().is_some() {
            pictures::keep(name, &self.png().await);
        }
    }

    /// Returns a picture of the window (PNG), once it is painted.
    pub async fn png(&self) -> Vec<u8> {
        let painted = "let frames = 4; const done = arguments[arguments.length - 1]; \
            const next = () => frames-- > 0 ? requestAnimationFrame(next) : done(); \
            document.fonts.ready.then(next)";
        self.page().execute_async(painted, Vec::new()).await.expect("the page is painted");
        self.page().screenshot().await.expect("the window can be seen")
    }

    async fn everything(&self) -> String {
        let text = self.page().execute("return document.body.innerText", Vec::new()).await;
        text.ok().and_then(|text| text.as_str().map(str::to_owned)).unwrap_or_else(|| "(nothing)".to_owned())
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if self.window.is_some() && self.app_pid().is_some() {
            self.kill();
        }
    }
}
