/**
 * Where a person is in a document: the selection, and what stands at the top of the window. It is kept as text and outlives
 * the view, the window and the app; where its words are gone, the nearest place is taken.
 */
import { TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { mirrorOf } from '../binding/binding'
import { positionAt, relativeOf } from '../binding/relative'
import { bringNear, scrollerOf } from './windowing'

/** Longer places are not kept; the shell refuses them. */
const LONGEST = 1024

/** A place, as it is kept. Positions in the text move with it; numbers are for when its words are gone. */
export interface Place {
  anchor: unknown
  head: unknown
  at: number
  /** The first visible position, and how far it stands below the upper edge. */
  top?: unknown
  gap?: number
  scroll: number
}

/** Returns where the person is, or null when that cannot be said. */
export function placeOf(view: EditorView): string | null {
  const [mirror, scroller] = [mirrorOf(view.state), scrollerOf(view)]
  if (!mirror || !scroller) return null
  const relative = (at: number) => relativeOf(mirror, at)
  const { anchor, head } = view.state.selection
  const place: Place = {
    anchor: relative(anchor),
    head: relative(head),
    at: head,
    scroll: scroller.scrollTop,
  }
  const [edge, text] = [scroller.getBoundingClientRect(), view.dom.getBoundingClientRect()]
  const first = text.top < edge.top && view.posAtCoords({ left: text.left + 8, top: edge.top + 2 })
  if (first) {
    place.top = relative(first.pos)
    place.gap = Math.round(view.coordsAtPos(first.pos).top - edge.top)
  }
  const kept = JSON.stringify(place)
  return kept.length > LONGEST ? null : kept
}

/** Brings the person back to a place. What is not one changes nothing. */
export function goTo(view: EditorView, kept: string): void {
  const [place, mirror, scroller] = [readPlace(kept), mirrorOf(view.state), scrollerOf(view)]
  if (!place || !mirror || !scroller) return
  const last = view.state.doc.content.size
  const resolve = (position: unknown) => positionAt(mirror, position)
  const head = resolve(place.head) ?? Math.min(Math.max(place.at, 0), last)
  const anchor = resolve(place.anchor) ?? head
  const at = (position: number) => view.state.doc.resolve(position)
  view.dispatch(view.state.tr.setSelection(TextSelection.between(at(anchor), at(head))))
  // With the next frame, which has to lay the text out anyway; until then there is more to do than to wait for that.
  requestAnimationFrame(() => {
    if (view.isDestroyed) return
    const top = resolve(place.top)
    if (top === null) scroller.scrollTop = place.scroll
    else {
      bringNear(view, top)
      scroller.scrollTop +=
        view.coordsAtPos(top).top - scroller.getBoundingClientRect().top - (place.gap ?? 0)
    }
  })
}

/** Reads a place; what is not one is none. */
export function readPlace(kept: string): Place | null {
  try {
    const place: unknown = JSON.parse(kept)
    if (place && typeof place === 'object' && 'head' in place && 'at' in place) return place as Place
  } catch {
    // a place is never worth an error
  }
  return null
}
