/** The handle at a picture's edge: drawn with a pointer, or moved by the arrow keys, it makes the picture wider or narrower. */
import { m } from '../paraglide/messages'

/** No picture is narrower, in CSS pixels. */
export const LEAST = 48
/** A key moves it so far, in CSS pixels. */
const STEP = 16

/** What the handle asks of the picture, and tells it. */
export interface Widened {
  /** How wide it is. */
  width(): number
  /** How wide it may be. */
  most(): number
  /** Draw it so wide, for now. */
  draw(width: number): void
  /** It is to be so wide. */
  keep(width: number): void
}

/** Returns a width that a picture may have. */
export function fitting(width: number, most: number): number {
  return Math.round(Math.min(Math.max(width, LEAST), Math.max(most, LEAST)))
}

/** Makes the handle; `set` tells it how wide the picture is. */
export function widthHandle(picture: Widened): { dom: HTMLElement; set(width: number): void } {
  const dom = document.createElement('div')
  dom.className = 'figure-handle'
  dom.tabIndex = 0
  dom.setAttribute('role', 'slider')
  dom.setAttribute('aria-label', m.figure_width())
  dom.setAttribute('aria-valuemin', String(LEAST))
  dom.title = m.figure_width_hint()

  const set = (width: number) => {
    dom.setAttribute('aria-valuenow', String(width))
    dom.setAttribute('aria-valuetext', m.figure_width_value({ width }))
  }

  dom.addEventListener('pointerdown', (down) => {
    if (down.button !== 0) return
    down.preventDefault()
    dom.setPointerCapture(down.pointerId)
    const [from, most] = [picture.width(), picture.most()]
    // The edge that the handle is at goes the other way where text runs from right to left.
    const towards = getComputedStyle(dom).direction === 'rtl' ? -1 : 1
    let width = fitting(from, most)
    const move = (event: PointerEvent) => {
      width = fitting(from + towards * (event.clientX - down.clientX), most)
      picture.draw(width)
      set(width)
    }
    const end = (event: Event) => {
      dom.removeEventListener('pointermove', move)
      dom.removeEventListener('pointerup', end)
      dom.removeEventListener('pointercancel', end)
      if (event.type === 'pointerup') picture.keep(width)
      else picture.draw(fitting(from, most))
    }
    dom.addEventListener('pointermove', move)
    dom.addEventListener('pointerup', end)
    dom.addEventListener('pointercancel', end)
  })

  dom.addEventListener('keydown', (event) => {
    const [now, most] = [picture.width(), picture.most()]
    const to = { ArrowRight: now + STEP, ArrowUp: now + STEP, ArrowLeft: now - STEP, ArrowDown: now - STEP }
    const width = { ...to, Home: LEAST, End: most }[event.key]
    if (width === undefined || event.metaKey || event.ctrlKey) return
    event.preventDefault()
    picture.keep(fitting(width, most))
  })
  return { dom, set }
}
