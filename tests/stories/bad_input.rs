//! What people get wrong at a terminal: each is said in a sentence, under its own exit code, and costs nothing.

use std::net::SocketAddr;

use anyhow::ensure;
use sheaf_stories::world::World;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::terminal::Terminal;

/// The exit codes that the help promises.
const UNREACHABLE: i32 = 5;
const REFUSED: i32 = 6;
const SIGNED_OUT: i32 = 7;

/// Returns the address of something that answers every request with a page.
async fn a_web_server() -> anyhow::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let page = "HTTP/1.1 200 OK\r\ncontent-length: 14\r\nconnection: close\r\n\r\n<h1>Hello</h1>";
            let _ = stream.write_all(page.as_bytes()).await;
        }
    });
    Ok(address)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await?
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_come_in_is_told_why_and_keeps_what_they_have() -> anyhow::Result<()> {
    let (world, page) = (World::begin().await?, a_web_server().await?);
    let used = world.owner_invitation(world.address());
    let expired = world.invitation(world.address())?;
    let wrong = format!("{}#{}", used.split('#').next().unwrap_or_default(), "x".repeat(43));
    let relay = format!("http://{}", world.address());
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    {
        let database = rusqlite::Connection::open(world.folder().join("relay.db"))?;
        let open = "UPDATE invitations SET expires_at = 1 WHERE role = 'member'";
        ensure!(database.execute(open, [])? == 1, "a week has passed");
    }
    blocking(move || {
        let ada = Terminal::join("Ada", &used)?;
        let eve = Terminal::of("Eve")?;
        eve.says(&["new", "Diary"])?;
        let before = eve.says(&["list"])?;
        let page = format!("http://{page}/join#{}", "x".repeat(43));
        let nobody = format!("http://{nobody}/join#{}", "x".repeat(43));
        for (link, code, says) in [
            (&wrong, REFUSED, "wrong, used or expired"),
            (&used, REFUSED, "wrong, used or expired"),
            (&expired, REFUSED, "wrong, used or expired"),
            (&page, UNREACHABLE, "not a Sheaf relay"),
            (&nobody, UNREACHABLE, "does not answer"),
        ] {
            let (ended, said) = eve.fails(&["join", link, "--name", "Eve"], b"")?;
            ensure!(ended == code && said.contains(says), "{link}: {ended} {said}");
            ensure!(!said.contains('#'), "an invitation is a secret: {said}");
            ensure!(eve.says(&["list"])? == before, "{link}: what was here is here");
        }
        let (ended, said) = eve.fails(&["join", &relay, "--sign-in"], b"")?;
        ensure!(ended == REFUSED && said.contains("Address or password is wrong"), "{ended} {said}");
        let mistyped =
            ada.sheaf(&["join", &relay, "--sign-in"]).env("SHEAF_PASSWORD", "incorrect").output()?;
        let same = String::from_utf8(mistyped.stderr)?;
        ensure!(
            mistyped.status.code() == Some(REFUSED) && same == said,
            "nobody learns who has an account: {same}"
        );
        ensure!(eve.says(&["list"])? == before, "what was here is here");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_session_is_over_goes_on_writing_and_signs_in_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let link = world.owner_invitation(world.address());
    blocking(move || {
        let ada = Terminal::join("Ada", &link)?;
        ada.says(&["new", "Log"])?;
        let over = ada.sheaf(&["sync"]).env_remove("SHEAF_PASSWORD").output()?;
        let said = String::from_utf8(over.stderr)?;
        ensure!(over.status.code() == Some(SIGNED_OUT), "nobody is signed in: {said}");
        ensure!(said.contains("safe on this device") && said.contains("--sign-in"), "what next: {said}");
        let (ended, said) = ada.fails(&["append", "Log"], b"still here\n")?;
        ensure!(ended == 0, "writing needs no session: {said}");
        ada.says(&["sync"])?;
        ensure!(ada.says(&["cat", "Log", "--text"])?.contains("still here"), "every word is there");
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_larger_than_everyone_else_would_take_is_not_taken_here() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let link = world.owner_invitation(world.address());
    blocking(move || {
        let ada = Terminal::join("Ada", &link)?;
        ada.says(&["new", "Log"])?;
        let before = ada.says(&["cat", "Log"])?;
        let (ended, said) = ada.fails(&["append", "Log"], "seventeen ".repeat(1_782_580).as_bytes())?;
        ensure!(ended == REFUSED && said.contains("Nothing was written"), "17 MiB: {ended} {said}");
        ensure!(ada.says(&["cat", "Log"])? == before, "the document is as it was");
        ada.says(&["sync"])?;
        Ok(())
    })
    .await
}
