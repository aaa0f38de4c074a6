/**
 * The carets of colleagues in the text, and telling them where one's own is: places that move with the words.
 *
 * Who is here and what they are called is decided elsewhere; here they are only put where they are. While somebody writes, carets
 * move with the text; when something arrives, they are looked up anew.
 */
import { type EditorState, Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, type DecorationAttrs, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { isFromBinding } from './binding'
import type { Mirror } from './mirror'
import { positionAt, relativeOf } from './relative'

/** A colleague in the document. */
export interface Colleague {
  /** Whoever has the same one keeps the caret that is drawn. */
  key: string
  name: string
  color: string
  /** Both ends of the selection, as places. */
  anchor: unknown
  head: unknown
}

/** Who is here, and where. */
export interface Presence {
  /** Returns those who have a caret here. */
  colleagues(): Iterable<Colleague>
  /** Calls back when that changed; the answer ends it. */
  listen(heard: () => void): () => void
  /** The person is somewhere else now, or nowhere. */
  moved(place: { anchor: unknown; head: unknown } | null): void
}

/** How colleagues are drawn. */
export interface Drawing {
  caret(colleague: Colleague): HTMLElement
  selection(colleague: Colleague): DecorationAttrs
}

const key = new PluginKey<DecorationSet>('colleagues')

/** Returns the plugin that shows colleagues. */
export function colleagues(mirror: Mirror, presence: Presence, drawing: Drawing): Plugin {
  const show = ({ doc }: EditorState) =>
    DecorationSet.create(doc, [...marksOf(mirror, presence, drawing, doc.content.size)])
  return new Plugin({
    key,
    state: {
      init: (_, state) => show(state),
      apply: (change, shown, _, state) => {
        if (change.getMeta(key) || (change.docChanged && isFromBinding(change))) return show(state)
        return change.docChanged ? shown.map(change.mapping, change.doc) : shown
      },
    },
    props: { decorations: (state) => key.getState(state) },
    view: (view) => {
      const tell = () => presence.moved(view.hasFocus() ? placeOf(mirror, view) : null)
      const forget = presence.listen(() => view.dispatch(view.state.tr.setMeta(key, true)))
      view.dom.addEventListener('focusin', tell)
      view.dom.addEventListener('focusout', tell)
      return {
        update: tell,
        destroy: () => {
          forget()
          view.dom.removeEventListener('focusin', tell)
          view.dom.removeEventListener('focusout', tell)
          presence.moved(null)
        },
      }
    },
  })
}

function placeOf(mirror: Mirror, { state: { selection } }: EditorView) {
  return { anchor: relativeOf(mirror, selection.anchor), head: relativeOf(mirror, selection.head) }
}

function* marksOf(mirror: Mirror, presence: Presence, drawing: Drawing, end: number): Generator<Decoration> {
  for (const colleague of presence.colleagues()) {
    const [anchor, head] = [colleague.anchor, colleague.head].map((place) =>
      inside(positionAt(mirror, place), end),
    )
    if (anchor == null || head == null) continue
    yield Decoration.widget(head, () => drawing.caret(colleague), { key: colleague.key, side: 10 })
    const attributes = drawing.selection(colleague)
    if (anchor !== head)
      yield Decoration.inline(Math.min(anchor, head), Math.max(anchor, head), attributes, {
        inclusiveEnd: true,
      })
  }
}

/** Behind the last block is no place for a caret; it is shown at the end of that. */
function inside(position: number | null, end: number): number | null {
  return position === null ? null : Math.min(position, end - 1)
}
