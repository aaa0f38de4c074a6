/**
 * A toggle as people see it: an arrow, the title, and below it what is folded away until somebody opens it. Whether it is
 * open is this view's own: a colleague sees theirs, and nothing is written.
 */
import type { Node } from '@tiptap/pm/model'
import { Plugin } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { m } from '../../paraglide/messages'
import type { OwnView } from '.'

/** Open ones that are not drawn just now. */
const open = new WeakSet<Node>()
/** The views that are drawn, by their element. */
const views = new WeakMap<globalThis.Node, ToggleView>()

/** Makes the view of a toggle. */
export function toggleView(node: Node): OwnView {
  return new ToggleView(node)
}

/** Says whether the toggle at a position is open. */
export function isOpen(view: EditorView, position: number): boolean {
  const element = view.nodeDOM(position)
  return element !== null && (views.get(element)?.isOpen ?? false)
}

/** Opens or closes the toggle at a position. */
export function setOpen(view: EditorView, position: number, on: boolean): void {
  const element = view.nodeDOM(position)
  if (element) views.get(element)?.set(on)
}

/** Opens what the caret goes into: by a search, by undo, by a key. */
export function togglesFollow(): Plugin {
  return new Plugin({
    view: () => ({
      update: (view, before) => {
        const { $head } = view.state.selection
        if (view.state.selection.eq(before.selection)) return
        for (let depth = $head.depth; depth > 1; depth -= 1) {
          const isHidden = $head.node(depth - 1).type.name === 'toggle' && $head.index(depth - 1) > 0
          if (isHidden && !isOpen(view, $head.before(depth - 1))) setOpen(view, $head.before(depth - 1), true)
        }
      },
    }),
  })
}

class ToggleView implements OwnView {
  readonly dom = document.createElement('div')
  readonly contentDOM = document.createElement('div')
  #arrow = document.createElement('button')
  isOpen = false

  constructor(private node: Node) {
    this.dom.className = 'toggle'
    this.contentDOM.className = 'toggle-inside'
    this.#arrow.className = 'toggle-arrow'
    this.#arrow.type = 'button'
    this.#arrow.contentEditable = 'false'
    // The caret stays where it is.
    this.#arrow.addEventListener('mousedown', (event) => event.preventDefault())
    this.#arrow.addEventListener('click', () => this.set(!this.isOpen))
    this.dom.append(this.#arrow, this.contentDOM)
    views.set(this.dom, this)
    // One that holds nothing yet is there to be written into.
    this.set(open.has(node) || node.childCount === 1)
  }

  set(on: boolean): void {
    this.isOpen = on
    this.dom.classList.toggle('open', on)
    this.#arrow.setAttribute('aria-expanded', String(on))
    this.#arrow.setAttribute('aria-label', on ? m.toggle_close() : m.toggle_open())
  }

  update(next: Node): boolean {
    if (next.type !== this.node.type) return false
    this.node = next
    return true
  }

  ignoreMutation(mutation: { target: globalThis.Node }): boolean {
    return !this.contentDOM.contains(mutation.target)
  }

  stopEvent(event: Event): boolean {
    return this.#arrow.contains(event.target as globalThis.Node)
  }

  destroy(): void {
    if (this.isOpen) open.add(this.node)
  }
}
