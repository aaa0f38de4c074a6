//! The pictures that the project shows of itself, taken by stories: `SHEAF_PICTURES=docs/images cargo xtask test pictures`.

mod pair;

use std::fs;
use std::path::{Path, PathBuf};

use fantoccini::key::Key;
use serde_json::Value;
use sheaf_stories::line::Line;
use sheaf_stories::world::World;

use crate::desk::Desk;
use crate::drawer::written;
use crate::session::Session;

const TEAM: &str = "Harbour crew";
const BERTHS: &str = "# Berths\n\nBerth 4 is free until March.\n";
const CREW: &str = "# Winter crew\n\nAda, Imke and Tomás, in turns.\n";
const MINUTES: &str = "# Minutes, 12 November\n\nPresent: everybody.\n";
const TIMETABLE: &str = "# Ferry timetable

The winter schedule starts on the first Monday of December. Until the ice comes, the small boat goes **four times a day**; \
after that only when the harbour master says so.

## Before the season

- [x] Ask the harbour master about berth 4
- [x] Check the tides against [the almanac](https://example.org/tides)
- [ ] Print the new cards

## Sailings

1. 06:40, with the mail
2. 09:15, 12:30 and 17:05
3. On *Saturdays* also 21:00

> The last boat waits for the train, however late it is.
";

/// Returns where pictures are kept: a folder that somebody named, from the repository's root on.
pub fn folder() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    std::env::var_os("SHEAF_PICTURES").map(|named| root.join(named))
}

/// Keeps a picture (PNG) in that folder.
pub fn keep(name: &str, png: &[u8]) {
    let Some(folder) = folder() else { return };
    fs::create_dir_all(&folder).expect("there is a folder for pictures");
    fs::write(folder.join(name).with_extension("png"), png).expect("the picture is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_of_two_people() -> anyhow::Result<()> {
    if folder().is_none() {
        eprintln!("SKIPPED: SHEAF_PICTURES names no folder");
        return Ok(());
    }
    let (world, session) = (World::of(TEAM).await?, Session::begin());
    let [mut ada, mut tomas] = [(); 2].map(|()| Desk::new(&session));
    ada.put([BERTHS, CREW, MINUTES, TIMETABLE].map(written)).await;
    ada.start().await;
    ada.meet("Share", &world.owner_invitation(world.address()), "Ada").await;
    ada.status("Synced").await;
    tomas.start().await;
    tomas.meet("Join a team", &world.invitation(world.address())?, "Tomás").await;
    for person in [&ada, &tomas] {
        person.choose("Ferry timetable").await;
        person.read("The last boat waits").await;
        person.resize(720, 700).await?;
    }
    write_at_the_end(&tomas, "ol li:last-child p", ", with music").await;
    write_at_the_end(&ada, "h2", "").await;
    for person in [&ada, &tomas] {
        person.read("21:00, with music").await;
        person.until("the other's caret is seen", async || carets(person).await == 1).await;
        person.see(".faces li").await;
        person.status("Synced").await;
    }
    keep("two-people", &pair::of(&ada, &tomas).await);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_the_window() -> anyhow::Result<()> {
    if folder().is_none() {
        eprintln!("SKIPPED: SHEAF_PICTURES names no folder");
        return Ok(());
    }
    let (world, session) = (World::of(TEAM).await?, Session::begin());
    let line = Line::to(world.address()).await?;
    let [mut imke, mut tomas, mut ada] = [(); 3].map(|()| Desk::new(&session));
    ada.start().await;
    ada.picture("first-start").await;

    imke.put([BERTHS, CREW, MINUTES, TIMETABLE].map(written)).await;
    imke.start().await;
    imke.meet("Share", &world.owner_invitation(line.address()), "Imke").await;
    imke.status("Synced").await;
    for (person, name) in [(&mut tomas, "Tomás"), (&mut ada, "Ada")] {
        if name == "Tomás" {
            person.start().await;
        }
        person.meet("Join a team", &world.invitation(line.address())?, name).await;
        person.choose("Ferry timetable").await;
        person.read("The last boat waits").await;
    }
    imke.choose("Ferry timetable").await;
    imke.read("The last boat waits").await;
    write_at_the_end(&tomas, "p", "").await;
    write_at_the_end(&ada, "ol li:last-child p", "").await;
    write_at_the_end(&imke, "blockquote p", "").await;
    imke.until("both carets are seen", async || carets(&imke).await == 2).await;
    imke.picture("two-carets").await;

    line.cut();
    imke.status("Offline").await;
    imke.go_to_the_end().await;
    imke.type_words(" The conductor rings the bell.").await;
    imke.status("waiting").await;
    imke.picture("offline").await;
    line.restore();
    imke.status("Synced").await;
    imke.kill();

    imke.equip("GTK_THEME", "Adwaita:dark");
    imke.start().await;
    imke.status("Synced").await;
    imke.read("The conductor rings the bell.").await;
    imke.until("both carets are seen", async || carets(&imke).await == 2).await;
    imke.picture("dark").await;
    tomas.resize(900, 600).await?;
    tomas.picture("small").await;
    Ok(())
}

impl Desk {
    /// Gives the window a size.
    async fn resize(&self, width: u32, height: u32) -> anyhow::Result<()> {
        self.page().set_window_size(width, height).await?;
        self.until("the window has its size", async || self.ask("return innerWidth").await == width).await;
        Ok(())
    }
}

async fn carets(person: &Desk) -> Value {
    person.ask("return document.querySelectorAll('.ProseMirror .caret').length").await
}

/// Puts a person's caret behind the last word of the line in the middle of a block, and types there.
async fn write_at_the_end(person: &Desk, block: &str, words: &str) {
    person.click(block).await;
    person.type_words(&format!("{}{words}", char::from(Key::End))).await;
}
