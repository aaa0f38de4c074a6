//! The tree in the real window: put in order by hand and by keyboard, on the disk at once, and the same on another device.

use std::time::Duration;

use fantoccini::actions::{InputSource as _, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::key::Key;
use sheaf_store::{Access, Options, Store};
use sheaf_stories::world::World;

use crate::desk::Desk;
use crate::drawer::written;
use crate::session::Session;

/// The tree as it is drawn: a title each, from the top.
const SEEN: &str = "return [...document.querySelectorAll('[role=tree][aria-label=Documents] [role=treeitem]')]\
    .map((row) => [row.getBoundingClientRect().top, '. '.repeat(row.ariaLevel - 1) + row.ariaLabel])\
    .sort(([a], [b]) => a - b).map(([, says]) => says).join('\\n')";

#[tokio::test(flavor = "multi_thread")]
async fn imke_puts_her_documents_in_order_and_tomas_has_them_so() -> anyhow::Result<()> {
    let (world, session) = (World::of("Harbour crew").await?, Session::begin());
    let [mut imke, mut tomas] = [(); 2].map(|()| Desk::new(&session));
    let texts = ["Expedition", "Ferry timetable", "Crew and cabins"];
    imke.put(texts.map(|title| written(&format!("# {title}\n\nWords.\n")))).await;
    imke.start().await;
    imke.tree("Welcome to Sheaf\nExpedition\nFerry timetable\nCrew and cabins").await;

    imke.carry("Ferry timetable", "Expedition", 0.5).await;
    imke.tree("Welcome to Sheaf\nExpedition\n. Ferry timetable\nCrew and cabins").await;
    imke.keys("Crew and cabins", &[Key::Alt, Key::Right]).await;
    imke.tree("Welcome to Sheaf\nExpedition\n. Ferry timetable\n. Crew and cabins").await;
    imke.carry("Crew and cabins", "Ferry timetable", 0.05).await;
    imke.tree("Welcome to Sheaf\nExpedition\n. Crew and cabins\n. Ferry timetable").await;

    imke.keys("Ferry timetable", &[Key::F2]).await;
    let field = imke.see("[role=treeitem] input").await;
    field.send_keys(&format!("Winter ferry{}", char::from(Key::Enter))).await?; // over what is selected
    imke.tree("Welcome to Sheaf\nExpedition\n. Crew and cabins\n. Winter ferry").await;
    imke.choose("Winter ferry").await;
    imke.says("[aria-label='Where this document is']", "Expedition").await;
    imke.until("the document has the title that its row has", async || {
        imke.ask("return document.querySelector('.title textarea')?.value").await == "Winter ferry"
    })
    .await;

    imke.keys("Welcome to Sheaf", &[Key::Delete]).await;
    imke.tree("Expedition\n. Crew and cabins\n. Winter ferry").await;
    imke.says("[aria-live=polite] .undo", "moved to the trash").await;
    imke.press(".undo button").await;
    imke.tree("Welcome to Sheaf\nExpedition\n. Crew and cabins\n. Winter ferry").await;
    imke.keys("Welcome to Sheaf", &[Key::Delete]).await;
    imke.tree("Expedition\n. Crew and cabins\n. Winter ferry").await;
    imke.saw_written(|view| view.contains("expanded") && !view.contains("\"expanded\":[]")).await;
    imke.kill();

    imke.start().await;
    imke.tree("Expedition\n. Crew and cabins\n. Winter ferry").await;
    imke.read("Words.").await;
    imke.meet("Share", &world.owner_invitation(world.address()), "Imke").await;
    imke.status("Synced").await;
    tomas.start().await;
    tomas.meet("Join a team", &world.invitation(world.address())?, "Tomás").await;
    tomas.status("Synced").await;
    tomas.tree("Expedition").await;
    tomas.press("[aria-label='Show what is inside']").await;
    tomas.tree("Expedition\n. Crew and cabins\n. Winter ferry").await;
    tomas.keys("Winter ferry", &[Key::Alt, Key::Left]).await;
    imke.tree("Expedition\n. Crew and cabins\nWinter ferry").await;
    Ok(())
}

impl Desk {
    /// Waits until the tree is drawn so, a line for each row, indented by dots.
    async fn tree(&self, lines: &str) {
        let what = format!("the tree is\n{lines}\n");
        self.until(&what, async || self.ask(SEEN).await == lines).await;
    }

    /// Presses keys together while a row has the keyboard.
    async fn keys(&self, title: &str, keys: &[Key]) {
        let row = self.see(&row(title)).await;
        let keys: String = keys.iter().map(|key| char::from(*key)).collect();
        row.send_keys(&keys).await.expect("the row takes keys");
    }

    /// Takes a row by the mouse and lets go of it over a part of another one: 0 is its upper edge, 1 its lower.
    async fn carry(&self, title: &str, onto: &str, part: f64) {
        let [from, to] = [self.middle(title, 0.5).await, self.middle(onto, part).await];
        let at =
            |(x, y): (f64, f64)| PointerAction::MoveTo { duration: Some(Duration::from_millis(80)), x, y };
        let (left, near) = (MOUSE_BUTTON_LEFT, (from.0, from.1 + 8.0));
        let hand = MouseActions::new("hand".to_owned())
            .then(at(from))
            .then(PointerAction::Down { button: left })
            .then(at(near))
            .then(at(to))
            .then(PointerAction::Up { button: left });
        self.page().perform_actions(hand).await.expect("the mouse moves");
    }

    /// Returns where a row is on the page, in pixels.
    async fn middle(&self, title: &str, part: f64) -> (f64, f64) {
        let script = format!(
            "const box = document.querySelector(\"{}\").getBoundingClientRect(); \
             return [box.left + 90, box.top + box.height * {part}]",
            row(title)
        );
        self.see(&row(title)).await;
        let point = self.ask(&script).await;
        let number = |axis: usize| point.get(axis).and_then(|it| it.as_f64()).expect("a number");
        (number(0), number(1))
    }

    /// Waits until it is written down what this person sees of the tree.
    async fn saw_written(&self, holds: impl Fn(&str) -> bool) {
        let read = || Options { key: None, access: Access::Read };
        self.until("what is seen of the tree is written down", async || {
            let store = Store::open(&self.database(), read()).expect("it can be read beside the app");
            store.setting("window.tree").expect("it is whole").is_some_and(|view| holds(&view))
        })
        .await;
    }
}

fn row(title: &str) -> String {
    format!("[role=tree][aria-label=Documents] [aria-label='{title}']")
}
