//! Two windows as one picture, side by side on nothing, so that it stands on a light page as on a dark one.
//!
//! The windows' own pictures are put together in one of the windows: a page can draw, and needs no library for it.

use serde_json::json;

use crate::desk::Desk;

/// Draws pictures beside each other, each with the corners, the edge and the shadow that a desktop gives a window.
const DRAW: &str = "
const [pictures, done] = arguments
const [GAP, EDGE, CORNER] = [24, 28, 10]
const blobs = pictures.map((png) => new Blob([new Uint8Array(png)], { type: 'image/png' }))
Promise.all(blobs.map((blob) => createImageBitmap(blob))).then((windows) => {
  const canvas = document.createElement('canvas')
  canvas.width = windows.reduce((width, window) => width + window.width + GAP, 2 * EDGE - GAP)
  canvas.height = Math.max(...windows.map((window) => window.height)) + 2 * EDGE
  const pen = canvas.getContext('2d')
  let x = EDGE
  for (const window of windows) {
    const outline = new Path2D()
    outline.roundRect(x, EDGE, window.width, window.height, CORNER)
    pen.save()
    Object.assign(pen, { shadowColor: 'rgb(0 0 0 / 28%)', shadowBlur: 22, shadowOffsetY: 6 })
    pen.fill(outline)
    pen.restore()
    pen.save()
    pen.clip(outline)
    pen.drawImage(window, x, EDGE)
    pen.restore()
    pen.strokeStyle = 'rgb(0 0 0 / 18%)'
    pen.stroke(outline)
    x += window.width + GAP
  }
  canvas.toBlob(async (blob) => done([...new Uint8Array(await blob.arrayBuffer())]))
})";

/// Returns one picture (PNG) of two windows.
pub async fn of(left: &Desk, right: &Desk) -> Vec<u8> {
    let pictures = json!([left.png().await, right.png().await]);
    let drawn = left.page().execute_async(DRAW, vec![pictures]).await.expect("the page draws");
    serde_json::from_value(drawn).expect("a picture is bytes")
}
