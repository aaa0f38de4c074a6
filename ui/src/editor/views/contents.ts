/** A table of contents, drawn from the headings and drawn again, with the next frame, when one of them changed. */
import type { Node } from '@tiptap/pm/model'
import { Plugin, TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { m } from '../../paraglide/messages'
import { bringNear, scrollTo } from '../windowing'
import type { OwnView } from '.'

/** A heading, and where it is. */
export interface Heading {
  level: number
  text: string
  position: number
}

/** Returns the headings of a document, in order, also those inside other blocks. */
export function headingsOf(doc: Node): Heading[] {
  const found: Heading[] = []
  doc.descendants((node, position) => {
    if (node.type.name === 'heading') {
      found.push({ level: Number(node.attrs.level) || 1, text: node.textContent, position })
    }
    return !node.isTextblock
  })
  return found
}

/** Puts the caret into a heading and shows it. */
export function goToHeading(view: EditorView, position: number): void {
  bringNear(view, position)
  const { tr, doc } = view.state
  view.dispatch(tr.setSelection(TextSelection.near(doc.resolve(position + 1))))
  view.focus()
  const heading = () => {
    const element = view.isDestroyed ? null : view.nodeDOM(position)
    return element instanceof Element ? element : null
  }
  scrollTo(heading, 'start')
}

const drawn = new WeakMap<EditorView, Set<ContentsView>>()

/** Makes the view of a table of contents. */
export function contentsView(_node: Node, view: EditorView): OwnView {
  return new ContentsView(view)
}

/** Tells the tables of contents of a view that the document changed. */
export function contentsFollow(): Plugin {
  return new Plugin({
    view: () => ({
      update: (view, before) => {
        if (view.state.doc !== before.doc) for (const contents of drawn.get(view) ?? []) contents.changed()
      },
    }),
  })
}

class ContentsView implements OwnView {
  readonly dom = document.createElement('nav')
  #frame = 0
  #shown = ''

  constructor(private readonly view: EditorView) {
    this.dom.className = 'contents'
    this.dom.contentEditable = 'false'
    this.dom.setAttribute('aria-label', m.contents_label())
    const siblings = drawn.get(view) ?? new Set()
    drawn.set(view, siblings.add(this))
    this.#draw(headingsOf(view.state.doc))
  }

  changed(): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw(headingsOf(this.view.state.doc))
    })
  }

  update(next: Node): boolean {
    return next.type.name === 'contents'
  }

  ignoreMutation(): boolean {
    return true
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof HTMLButtonElement
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame)
    drawn.get(this.view)?.delete(this)
  }

  #draw(headings: Heading[]): void {
    const shown = JSON.stringify(headings.map(({ level, text }) => [level, text]))
    if (shown === this.#shown) return
    this.#shown = shown
    const least = Math.min(...headings.map(({ level }) => level))
    const lines = headings.map(({ level, text }, number) => {
      const line = document.createElement('button')
      line.type = 'button'
      line.textContent = text || m.untitled()
      line.dataset.depth = String(Math.min(level - least, 5))
      // Which one it is does not change with the words above it; where it is does.
      line.addEventListener('click', () => {
        const now = headingsOf(this.view.state.doc)[number]
        if (now) goToHeading(this.view, now.position)
      })
      return line
    })
    const empty = document.createElement('p')
    empty.textContent = m.contents_empty()
    this.dom.replaceChildren(...(lines.length > 0 ? lines : [empty]))
  }
}
