//! What is done and timed in the page. It is watched from outside only: nothing in the app knows that it is measured.

#![expect(clippy::indexing_slicing, reason = "a measurement breaks loudly")]

use std::time::Duration;

use anyhow::{Context as _, ensure};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use sheaf_document::ids::DocumentId;

/// Between two keys of somebody who types fast.
const PACE: Duration = Duration::from_millis(80);
/// Until the window is there.
const PATIENCE: Duration = Duration::from_secs(60);

/// Tools for the scripts below: `painted(f)` calls back once the next frame is on its way to the screen.
const TOOLS: &str = "
    window.painted = (then) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => then(performance.now())
      port2.postMessage(0)
    })";

const FETCH: &str = "
    const invoke = window.__TAURI_INTERNALS__.invoke
    const begun = performance.now()
    const raw = await invoke('open', { document: arguments[0] })
    const took = performance.now() - begun
    await invoke('close', { document: arguments[0] })
    const size = new DataView(raw).getUint32(0, true)
    window.fetched = new Uint8Array(raw).slice(4 + size)
    return took";

const BARE: &str = "
    await new Promise((done) => setTimeout(done, 100))
    const doc = new Yjs.Doc({ gc: true })
    const begun = performance.now()
    Yjs.applyUpdate(doc, window.fetched)
    const took = performance.now() - begun
    doc.destroy()
    return took";

const OPEN: &str = "
    const title = arguments[0]
    const named = (row) => row?.getAttribute('aria-label') === title
    const row = [...document.querySelectorAll('[role=treeitem]')].find(named)
    await new Promise((done) => setTimeout(done, 200))
    return await new Promise((done) => {
      const begun = performance.now()
      const times = {}
      const has = (selector) => document.querySelector(selector)?.firstElementChild?.textContent.length > 0
      const look = () => {
        if (!named(document.querySelector('[role=treeitem][aria-current]'))) return
        if (!times.seen && has('[data-phase=editing] :is(.prose, .ProseMirror)')) {
          times.seen = true
          painted((now) => (times.readable = now - begun))
        }
        if (has('[data-phase=editing] .ProseMirror[contenteditable=true]')) {
          watch.disconnect()
          times.editable = performance.now() - begun
          painted((now) => done({ readable: times.readable ?? now - begun, editable: times.editable, painted: now - begun }))
        }
      }
      const watch = new MutationObserver(look)
      watch.observe(document.querySelector('.window'), { subtree: true, childList: true, attributes: true })
      row.click()
    })";

const KEYS: &str = "
    window.keys = []
    addEventListener('keydown', () => {
      const begun = performance.now()
      painted((now) => window.keys.push(now - begun))
    }, true)";

/// How long a person waited, in milliseconds from their click.
pub struct Opening {
    /// For the first screenful of words.
    pub readable: f64,
    /// For an editor that takes keys.
    pub editable: f64,
    /// For the frame that shows it.
    pub painted: f64,
}

/// The app's page.
pub struct Page(Client);

impl Page {
    /// Takes the reins; the page gets the bare peer and what the scripts need.
    pub async fn of(client: Client, yjs: &str) -> anyhow::Result<Self> {
        let editor = Locator::Css("[data-phase=editing] .ProseMirror");
        client.wait().at_most(PATIENCE).for_element(editor).await?;
        client.set_window_rect(0, 0, 1280, 800).await?;
        client.execute(&format!("{yjs};{TOOLS};window.Yjs = Yjs"), Vec::new()).await?;
        Ok(Self(client))
    }

    /// Asks the replica for a document as the interface does; returns how long its bytes took to be here.
    pub async fn fetch(&self, document: &DocumentId) -> anyhow::Result<f64> {
        number(&self.run(FETCH, &document.to_string()).await?)
    }

    /// Gives what was fetched to a Y.Doc of the bare peer.
    pub async fn apply_bare(&self) -> anyhow::Result<f64> {
        number(&self.run(BARE, "").await?)
    }

    /// Opens a document by a click on its row.
    pub async fn open(&self, title: &str) -> anyhow::Result<Opening> {
        let times = self.run(OPEN, title).await?;
        let [readable, editable, painted] =
            ["readable", "editable", "painted"].map(|what| number(&times[what]));
        Ok(Opening { readable: readable?, editable: editable?, painted: painted? })
    }

    /// Types so many letters into a paragraph near the top; returns how long each took to be painted.
    pub async fn type_slowly(&self, letters: usize) -> anyhow::Result<Vec<f64>> {
        self.0.find(Locator::Css(".ProseMirror > p:nth-child(4)")).await?.click().await?;
        self.0.execute(KEYS, Vec::new()).await?;
        for letter in ('a'..='z').cycle().take(letters) {
            let press = KeyActions::new("keyboard".to_owned())
                .then(KeyAction::Down { value: letter })
                .then(KeyAction::Up { value: letter });
            self.0.perform_actions(press).await?;
            tokio::time::sleep(PACE).await; // the pace is what is measured
        }
        let keys = self.0.execute("return window.keys", Vec::new()).await?;
        let keys: Vec<f64> = serde_json::from_value(keys)?;
        ensure!(keys.len() + 1 >= letters, "{} of {letters} keys were seen", keys.len());
        Ok(keys)
    }

    /// Closes the window.
    pub async fn end(self) -> anyhow::Result<()> {
        Ok(self.0.close().await?)
    }

    async fn run(&self, script: &str, argument: &str) -> anyhow::Result<Value> {
        let wrapped = format!(
            "const done = arguments[arguments.length - 1]; (async function () {{ {script} }}).apply(null, arguments)\
             .then((value) => done({{ value }}), (error) => done({{ error: String(error) }}))"
        );
        let answer = self.0.execute_async(&wrapped, vec![json!(argument)]).await?;
        ensure!(answer.get("error").is_none(), "the page says: {}", answer["error"]);
        Ok(answer["value"].clone())
    }
}

fn number(value: &Value) -> anyhow::Result<f64> {
    value.as_f64().with_context(|| format!("no number: {value}"))
}
