//! Imke works in a folder with vim, Tomás in the app on another device: both find every word of the other.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use sheaf_client::mirror::{Mirror, News, Settings, State};
use sheaf_document::markdown::read_document;
use sheaf_protocol::entry::Origin;
use sheaf_stories::world::World;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::people::{PATIENCE, team};

const BEGUN: &str = "# Ferry\n\nThe ferry leaves at six.\n\nBring bread.\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_save_from_vim_and_a_colleagues_live_typing_combine() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let people = team(&world, &["Imke", "Tomás"]).await?;
    let (imke, tomas) = (people.first().context("Imke")?, people.get(1).context("Tomás")?);
    let page = read_document(BEGUN);
    let document = imke.replica.create("Ferry", page.blocks, Origin::TYPED).await?;
    let place = tempfile::tempdir()?;
    let (folder, file) = (place.path().join("Team"), place.path().join("Team/Ferry.md"));
    let (tell, mut news) = mpsc::unbounded_channel();
    let settings = Settings { folder: folder.clone(), ..Settings::default() };
    let mirror = Mirror::start(&imke.replica, settings, move |it| _ = tell.send(it))?;
    until(&mut news, || file.exists()).await.context("the file is written")?;
    let lines = ["The ferry leaves at six.", "Bring bread."].map(str::to_owned);
    tomas.has_all(document, &lines.into()).await?;

    // Tomás types a word at a time at the end of the very line that Imke changes.
    let mut said = "The ferry leaves at six.".to_owned();
    for (at, word) in ["From", "the", "old", "pier,", "every", "day."].into_iter().enumerate() {
        let before = read_document(&format!("# Ferry\n\n{said}\n\nBring bread.\n"));
        said = format!("{said} {word}");
        let after = read_document(&format!("# Ferry\n\n{said}\n\nBring bread.\n"));
        tomas.replica.reconcile(document, before, after).await?;
        if at == 2 {
            let now = fs::read_to_string(&file)?;
            let saved = now.replace("at six", "at seven").replace("Bring bread", "Bring bread and butter");
            ensure!(saved.contains("seven") && saved.contains("butter"), "she sees the page: {now}");
            // As vim saves: the old file steps aside, a new one takes its name.
            fs::rename(&file, folder.join("Ferry.md~"))?;
            fs::write(&file, saved)?;
            fs::remove_file(folder.join("Ferry.md~"))?;
        }
    }
    let both = "The ferry leaves at seven. From the old pier, every day.";
    let lines = [both, "Bring bread and butter."].map(str::to_owned);
    for person in [tomas, imke] {
        let text = person.has_all(document, &lines.clone().into()).await?;
        ensure!(text.lines().count() == 2, "{} has it once: {text}", person.name);
    }
    let whole = format!("{both}\n\nBring bread and butter.\n");
    until(&mut news, || fs::read_to_string(&file).is_ok_and(|now| now == whole))
        .await
        .context("and so does the file")?;
    mirror.stop().await;
    Ok(())
}

/// Waits until this is so and both sides are in step.
async fn until(news: &mut mpsc::UnboundedReceiver<News>, is_so: impl Fn() -> bool) -> anyhow::Result<State> {
    let waited = async {
        loop {
            match news.recv().await.context("the mirror goes on")? {
                News::State(state) if state.is_settled && is_so() => return Ok(state),
                _ => {}
            }
        }
    };
    timeout(PATIENCE.min(Duration::from_secs(120)), waited).await.context("it never came")?
}
