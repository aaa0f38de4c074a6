/**
 * Draws of a long document only what is near; see `near.ts` for what that is.
 *
 * The engine needs 0.2 ms to lay out a block, and ProseMirror a tenth of that to make it: ten thousand blocks keep a person
 * waiting for seconds. So a far block is one empty element without a box, and a gap as high as they are together stands
 * in their place. Whoever scrolls, or goes anywhere with the caret, finds blocks drawn before they arrive.
 *
 * The document itself is whole: select all, copy, undo, colleagues' changes and what is stored never depend on what is
 * drawn. What does depend on it: a screen reader finds the text of near blocks only. Containment (`content-visibility`)
 * is no way to do this: WebKit gives every such block a layer, and a key takes seconds.
 */
import { DOMSerializer, type Node } from '@tiptap/pm/model'
import { type EditorState, Plugin } from '@tiptap/pm/state'
import {
  Decoration,
  DecorationSet,
  type EditorView,
  type NodeView,
  type NodeViewConstructor,
} from '@tiptap/pm/view'
import { BLOCK as UNKNOWN } from '../binding/unknown'
import { AROUND, between, blockAt, ENDS, estimate, FIRST, follow, type Range, union } from './near'
import type { OwnView, OwnViewConstructor } from './views'

/** A document of more blocks than this is drawn in part. */
export const LONG = 200
/** So many screens above and below the visible one are drawn, once less than so many are. */
const [AHEAD, ENOUGH] = [1.5, 0.5]

/** Every kind of block that a document may hold at its top; a test compares this with the schema. */
export const BLOCKS = [
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'taskList',
  'blockquote',
  'codeBlock',
  'source',
  'horizontalRule',
  'table',
  'image',
  'callout',
  'toggle',
  'mathBlock',
  'footnote',
  'contents',
  'figure',
  'attachment',
]

/** What is drawn of the document of each editor that draws in part. */
const windows = new WeakMap<EditorView, Windowing>()

/** Sees to it that the block at a position, and those around it, are drawn. */
export function bringNear(view: EditorView, position: number): void {
  windows.get(view)?.show(view, position)
}

/** What is around a place is drawn within so many frames. */
const FRAMES = 4

/** Scrolls to an element of the text, and stays there while what is around it is drawn. */
export function scrollTo(find: () => Element | null, block: 'start' | 'center', frames = FRAMES): void {
  find()?.scrollIntoView({ block })
  if (frames > 0) requestAnimationFrame(() => scrollTo(find, block, frames - 1))
}

/**
 * Makes a view draw a long document in part: near blocks by these views, or else by the schema. It is one of the view's own
 * plugins, there from its first drawing on.
 */
export function windowing(views: Record<string, OwnViewConstructor>): Plugin {
  const window = new Windowing(views)
  const kinds = [...BLOCKS, UNKNOWN, ...Object.keys(views)]
  const nodeViews = Object.fromEntries(kinds.map((kind) => [kind, window.view]))
  return new Plugin({
    props: { decorations: (state) => window.decorations(state), nodeViews },
    view: (view) => {
      const scroller = scrollerOf(view)
      const look = () => scroller && window.look(view, scroller)
      const resized = new ResizeObserver(() => {
        window.forget()
        look()
      })
      resized.observe(scroller ?? view.dom)
      scroller?.addEventListener('scroll', look, { passive: true })
      const print = () => window.showAll(view)
      globalThis.addEventListener('beforeprint', print)
      windows.set(view, window)
      return {
        update: look,
        destroy: () => {
          window.stop()
          resized.disconnect()
          scroller?.removeEventListener('scroll', look)
          globalThis.removeEventListener('beforeprint', print)
        },
      }
    },
  })
}

class Windowing {
  #doc: Node | null = null
  /** The blocks around the visible screen. */
  #seen: Range = [0, FIRST]
  #near: Range[] = []
  /** Where each block begins, and where the last one ends. */
  #starts: number[] = []
  #marks = DecorationSet.empty
  #drawn = new Set<HTMLElement>()
  /** How high the blocks are that were ever drawn, with the space below them. */
  #heights = new WeakMap<Node, number>()
  #frame = 0

  constructor(private readonly views: Record<string, OwnViewConstructor>) {}

  /** Returns a mark for every near block, and gaps in the place of the others. */
  decorations({ doc, selection }: EditorState): DecorationSet {
    const isNew = doc !== this.#doc
    if (isNew && this.#doc) this.#seen = follow(this.#seen, this.#doc, doc)
    this.#doc = doc
    const ends = [selection.anchor, selection.head].map((end) => blockAt(doc, end))
    const around = ends.map((end): Range => [end - AROUND, end + AROUND + 1])
    const all = doc.childCount
    const near = union([this.#seen, [0, ENDS], [all - ENDS, all], ...around], all)
    if (!isNew && String(near) === String(this.#near)) return this.#marks
    this.#near = near
    this.#starts = [0]
    doc.forEach((block, start) => {
      this.#starts.push(start + block.nodeSize)
    })
    const marks = [...this.#nearMarks(), ...this.#gaps(doc)].sort(
      (one, other) => one.from - other.from || one.to - other.to,
    )
    // No mark reaches into a block. A set that is made in the common way would look through all of them for each of the
    // document's blocks, when it is made and again when it is drawn, to find that.
    const flat = Reflect.construct(DecorationSet, [marks, []]) as DecorationSet
    this.#marks = Object.assign(flat, { forChild: () => DecorationSet.empty })
    return this.#marks
  }

  /** Makes the view of a block: a drawn one if it is near, an empty one if it is far; what is inside a near one is as always. */
  view: NodeViewConstructor = (...about) => {
    const [node, , position, decorations] = about
    const own = this.views[node.type.name]
    if (decorations.some(isNear)) return this.#follow(own?.(...about) ?? drawnBySchema(node))
    const at = position() ?? 0
    const isInside = this.#near.some(([from, to]) => this.#start(from) <= at && at < this.#start(to))
    return isInside ? (own?.(...about) ?? (null as unknown as NodeView)) : farBlock()
  }

  /** Sees to it, with the next frame, that what is around the visible screen is drawn. */
  look(view: EditorView, scroller: Element): void {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      if (!view.isDestroyed && !view.composing) this.#look(view, scroller)
    })
  }

  /** Draws what is around a position. */
  show(view: EditorView, position: number): void {
    const block = blockAt(view.state.doc, position)
    if (this.#near.some(([from, to]) => from <= block && block < to)) return
    this.#seen = [block - AROUND, block + FIRST]
    view.updateState(view.state)
  }

  /** Draws everything, for paper; whoever scrolls on has only what is near again. */
  showAll(view: EditorView): void {
    this.#seen = [0, view.state.doc.childCount]
    view.updateState(view.state)
  }

  /** Blocks have other heights from now on. */
  forget(): void {
    this.#heights = new WeakMap()
  }

  /** Looks no more, until it is asked to. */
  stop(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
  }

  #look(view: EditorView, scroller: Element): void {
    const screen = scroller.getBoundingClientRect()
    const reach = (screens: number) =>
      [screen.top - screens * screen.height, screen.bottom + screens * screen.height] as const
    const [first, last] = reach(ENOUGH)
    const isMissing = [...view.dom.getElementsByClassName('gap')].some((gap) => {
      const { top, bottom } = gap.getBoundingClientRect()
      return top < last && bottom > first
    })
    if (!isMissing) return
    // Where the engine's own keys put the caret is heard first: drawing puts it where the editor believes it to be.
    document.dispatchEvent(new Event('selectionchange'))
    const begin = view.dom.getBoundingClientRect().top
    const [from, to] = reach(AHEAD)
    this.#seen = this.#between(from - begin, to - begin, this.#measure())
    view.updateState(view.state)
  }

  /** Returns where the near blocks begin, in pixels below the beginning of the text, and remembers how high they are. */
  #measure(): Map<number, number> {
    const tops = [...this.#drawn].map((dom) => dom.offsetTop).sort((one, other) => one - other)
    const found = new Map<number, number>()
    for (const [from, to] of this.#near)
      for (let block = from; block < to; block += 1) found.set(block, tops[found.size] ?? 0)
    for (const [block, top] of found) {
      const next = found.get(block + 1)
      if (next !== undefined && this.#doc) this.#heights.set(this.#doc.child(block), next - top)
    }
    return found
  }

  /** Returns the blocks between two heights. */
  #between(first: number, last: number, tops: Map<number, number>): Range {
    let [from, to, top] = [0, 0, 0]
    this.#doc?.forEach((block, _, number) => {
      top = tops.get(number) ?? top
      if (top < last) to = number + 1
      top += this.#height(block)
      if (top <= first) from = number + 1
    })
    return [Math.min(from, to - 1), to]
  }

  #nearMarks(): Decoration[] {
    const marks: Decoration[] = []
    for (const [from, to] of this.#near)
      for (let block = from; block < to; block += 1)
        marks.push(Decoration.node(this.#start(block), this.#start(block + 1), {}, { near: true }))
    return marks
  }

  #gaps(doc: Node): Decoration[] {
    return between(this.#near, doc.childCount).map(([from, to]) => {
      let height = 0
      for (let block = from; block < to; block += 1) height += this.#height(doc.child(block))
      return Decoration.widget(this.#start(from), () => gap(height), { key: `gap ${height}`, side: -1 })
    })
  }

  /** Lets a near block's view go when the block is far. */
  #follow(view: OwnView): NodeView {
    const [dom, update, destroy] = [view.dom as HTMLElement, view.update.bind(view), view.destroy?.bind(view)]
    this.#drawn.add(dom)
    view.update = (next, decorations, inside) => decorations.some(isNear) && update(next, decorations, inside)
    view.destroy = () => {
      this.#drawn.delete(dom)
      destroy?.()
    }
    return view
  }

  #height(block: Node): number {
    return this.#heights.get(block) ?? estimate(block)
  }

  #start(block: number): number {
    return this.#starts[block] ?? 0
  }
}

/** Returns what scrolls the text. */
export function scrollerOf(view: EditorView): Element | null {
  return view.dom.closest('.scroll')
}

function drawnBySchema(node: Node): OwnView {
  const { dom, contentDOM } = DOMSerializer.renderSpec(document, node.type.spec.toDOM?.(node) ?? ['div', 0])
  let drawn = node
  const update = (next: Node) => {
    if (!next.sameMarkup(drawn)) return false
    drawn = next
    return true
  }
  return { dom, contentDOM: (contentDOM ?? null) as HTMLElement | null, update }
}

function isNear(mark: Decoration): boolean {
  return mark.spec.near === true
}

const EMPTY = document.createElement('div')
EMPTY.hidden = true
EMPTY.contentEditable = 'false'

function farBlock(): NodeView {
  return { dom: EMPTY.cloneNode() as HTMLElement, update: (_node, decorations) => !decorations.some(isNear) }
}

function gap(height: number): HTMLElement {
  const element = document.createElement('div')
  element.className = 'gap'
  element.style.blockSize = `${height}px`
  return element
}
