//! A picture that somebody puts into their document, in the real windows of both.

use sheaf_stories::line::Line;
use sheaf_stories::world::World;

use crate::desk::Desk;
use crate::session::Session;

/// Paints a harbour and pastes it as a camera's file.
const PASTE: &str = "const done = arguments[arguments.length - 1];
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [1200, 500];
    const paint = canvas.getContext('2d');
    const sky = paint.createLinearGradient(0, 0, 0, 500);
    for (const [at, colour] of [[0, '#27406b'], [0.55, '#e3a76b'], [0.56, '#5a6f86'], [1, '#1c2a3d']]) sky.addColorStop(at, colour);
    paint.fillStyle = sky;
    paint.fillRect(0, 0, 1200, 500);
    canvas.toBlob((blob) => {
      const files = [new File([blob], 'harbour.png', { type: 'image/png' })];
      const paste = new Event('paste', { bubbles: true, cancelable: true });
      Object.defineProperty(paste, 'clipboardData', { value: { files, types: ['Files'], getData: () => '' } });
      document.querySelector('.ProseMirror').dispatchEvent(paste);
      done(blob.size);
    }, 'image/png')";

/// Hears whatever the content security policy forbids.
const WATCH: &str = "window.forbidden = []; document.addEventListener('securitypolicyviolation', \
    (event) => window.forbidden.push(event.violatedDirective + ' ' + event.blockedURI))";

/// How wide the picture is that the window has decoded.
const WIDE: &str = "return document.querySelector('.ProseMirror figure img')?.naturalWidth ?? 0";

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_in_both_windows_and_its_scheme_gives_the_page_nothing_else() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let line = Line::to(world.address()).await?;
    let session = Session::begin();
    let [mut ada, mut tomas] = [(); 2].map(|()| Desk::new(&session));
    ada.start().await;
    ada.meet("Share", &world.owner_invitation(line.address()), "Ada").await;
    ada.see("[data-phase=editing] .ProseMirror").await;
    ada.status("Synced").await;
    let members = world.invitation(world.address())?;
    tomas.start().await;
    tomas.meet("Join a team", &members, "Tomás").await;
    tomas.open_first().await;
    tomas.status("Synced").await;
    for who in [&ada, &tomas] {
        who.ask(WATCH).await;
    }

    line.cut();
    ada.status("Offline").await;
    ada.go_to_the_end().await;
    ada.page().execute_async(PASTE, Vec::new()).await?;
    ada.until("Ada sees her picture on the train", async || ada.ask(WIDE).await == 1200).await;
    ada.says(".figure-state", "waits for the relay").await;
    ada.saved().await;

    line.restore();
    ada.status("Synced").await;
    tomas.until("it is in Tomás's window", async || tomas.ask(WIDE).await == 1200).await;
    ada.until("nothing more is said of it", async || {
        ada.ask("return document.querySelector('.figure-state').hidden").await == true
    })
    .await;
    ada.press(".ProseMirror figcaption").await;
    ada.see(".ProseMirror").await.send_keys("The harbour at dawn").await?;
    tomas.says(".ProseMirror figcaption", "The harbour at dawn").await;
    ada.picture("picture-in-the-text").await;

    let tried = "const done = arguments[arguments.length - 1];
        const address = document.querySelector('.ProseMirror figure img').src;
        fetch(address).then(() => 'read', () => 'no').then((fetched) => {
          const other = new Image();
          other.onload = () => done([address, fetched, 'shown']);
          other.onerror = () => done([address, fetched, 'no']);
          other.src = address.slice(0, -64) + '0'.repeat(64);
        })";
    let answers = tomas.page().execute_async(tried, Vec::new()).await?;
    let address = answers[0].as_str().unwrap_or_default();
    assert!(address.starts_with("sheaf-file://localhost/"), "it comes by the scheme of our own: {address}");
    assert_eq!(
        (&answers[1], &answers[2]),
        (&"no".into(), &"no".into()),
        "no script reads it, and no other is there"
    );
    for who in [&ada, &tomas] {
        let forbidden =
            who.ask("return window.forbidden.filter((it) => !it.startsWith('connect-src'))").await;
        assert_eq!(
            forbidden,
            serde_json::json!([]),
            "the policy lets the picture in and nobody tried anything else"
        );
    }
    Ok(())
}
