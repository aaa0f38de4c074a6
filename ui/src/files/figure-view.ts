/**
 * A picture in the text: the picture itself as soon as its bytes are here, else what will be there and how far it is; its
 * caption, which is text like any other; and, while somebody is at it, a handle for its width and a field for its words.
 *
 * Whatever the bytes are, they are drawn by the webview's own decoder from an address that serves pictures only.
 */
import type { Node } from '@tiptap/pm/model'
import type { EditorView } from '@tiptap/pm/view'
import type { FileRow } from '../backend/bindings'
import { figureWidth } from '../editor/kinds/file'
import type { OwnView } from '../editor/views'
import { m } from '../paraglide/messages'
import { altField } from './alt-field'
import type { Files } from './files'
import { icon } from './icons'
import { LEAST, widthHandle } from './width-handle'
import { isHere, sizeOf, stateOf } from './words'

/** Makes the view of a figure. */
export function figureView(
  node: Node,
  view: EditorView,
  getPos: () => number | undefined,
  files: Files,
): OwnView {
  return new FigureView(node, view, getPos, files)
}

class FigureView implements OwnView {
  readonly dom = document.createElement('figure')
  readonly contentDOM = document.createElement('figcaption')
  readonly #frame = document.createElement('div')
  readonly #tools = document.createElement('div')
  readonly #state = document.createElement('p')
  readonly #image = document.createElement('img')
  readonly #handle: ReturnType<typeof widthHandle>
  readonly #alt: ReturnType<typeof altField>
  #row: FileRow | null = null
  #hash: string | null = null
  #unfollow: () => void = () => {}

  constructor(
    private node: Node,
    private readonly view: EditorView,
    private readonly getPos: () => number | undefined,
    private readonly files: Files,
  ) {
    this.dom.dataset.file = ''
    this.#frame.className = 'figure-frame'
    this.#frame.contentEditable = 'false'
    this.#frame.draggable = true
    this.#tools.className = 'figure-tools'
    this.#state.className = 'figure-state'
    this.#state.setAttribute('role', 'status')
    this.#image.draggable = false
    this.#image.decoding = 'async'
    // A picture that is not there any more, or never was one.
    this.#image.addEventListener('error', () => this.#fail())
    this.#handle = widthHandle({
      width: () => this.#image.getBoundingClientRect().width,
      most: () => Math.round(this.dom.getBoundingClientRect().width),
      draw: (width) => this.#draw(width),
      keep: (width) => this.#set({ width }),
    })
    this.#alt = altField((alt) => this.#set({ alt: alt || null }))
    this.#tools.append(this.#alt.dom)
    this.dom.append(this.#frame, this.contentDOM)
    this.#take(node)
  }

  update(next: Node): boolean {
    if (next.type !== this.node.type) return false
    this.#take(next)
    return true
  }

  selectNode(): void {
    this.dom.classList.add('ProseMirror-selectednode')
  }

  deselectNode(): void {
    this.dom.classList.remove('ProseMirror-selectednode')
  }

  /** The caption is the editor's; the rest is drawn here. */
  ignoreMutation(mutation: { target: globalThis.Node }): boolean {
    return !this.contentDOM.contains(mutation.target)
  }

  stopEvent(event: Event): boolean {
    const target = event.target as globalThis.Node
    return this.#tools.contains(target) || this.#handle.dom.contains(target)
  }

  destroy(): void {
    this.#unfollow()
  }

  #take(node: Node): void {
    this.node = node
    const { file, alt } = node.attrs
    this.contentDOM.dataset.hint = m.figure_caption()
    this.contentDOM.classList.toggle('bare', node.content.size === 0)
    const words = typeof alt === 'string' ? alt : ''
    this.#image.alt = words
    this.#alt.set(words)
    const hash = typeof file === 'string' ? file : ''
    if (hash === this.#hash) {
      this.#draw(figureWidth(node.attrs.width))
      return
    }
    this.#hash = hash
    this.#row = null
    this.#unfollow()
    this.#unfollow = hash ? this.files.follow(hash, (row) => this.#show(row)) : () => {}
    if (!this.#row) this.#lay()
  }

  #show(row: FileRow): void {
    const before = this.#row
    this.#row = row
    if (before && isHere(before) === isHere(row) && before.picture === row.picture) this.#say()
    else this.#lay()
  }

  /** Lays out what is seen, and what it can be done with. */
  #lay(): void {
    const row = this.#row
    const isShown = row?.picture === true && isHere(row)
    this.#frame.classList.toggle('waiting', !isShown)
    if (isShown) {
      this.#image.src = this.files.url(row.hash)
      if (row.width) this.#image.width = row.width
      if (row.height) this.#image.height = row.height
      this.#frame.replaceChildren(this.#image, this.#tools, this.#handle.dom, this.#state)
    } else {
      this.#frame.replaceChildren(icon('picture'), this.#state)
    }
    this.#draw(figureWidth(this.node.attrs.width))
    this.#say()
  }

  #say(): void {
    const row = this.#row
    let words = row ? stateOf(row) : ''
    if (row && isHere(row) && !row.picture && !words) {
      words = m.figure_not_shown({ name: row.name, size: sizeOf(row.size) })
    }
    this.#state.textContent = words
    this.#state.hidden = words === ''
  }

  /** Draws it so wide, or as wide as it is. */
  #draw(width: number | null): void {
    const own = this.#row?.width ?? null
    const drawn = width ?? own
    this.#frame.style.inlineSize = drawn ? `${Math.max(drawn, LEAST)}px` : ''
    const [wide, high] = [this.#row?.width, this.#row?.height]
    this.#frame.style.aspectRatio = wide && high ? `${wide} / ${high}` : ''
    this.#handle.set(Math.round(drawn ?? LEAST))
  }

  #fail(): void {
    if (!this.#row) return
    this.#row = { ...this.#row, picture: false }
    this.#lay()
    this.files.doubt(this.#row.hash)
  }

  #set(values: Record<string, unknown>): void {
    const at = this.getPos()
    if (at === undefined) return
    const same = Object.entries(values).every(([name, value]) => this.node.attrs[name] === value)
    if (same) return
    const change = this.view.state.tr
    for (const [name, value] of Object.entries(values)) change.setNodeAttribute(at, name, value)
    this.view.dispatch(change)
  }
}
