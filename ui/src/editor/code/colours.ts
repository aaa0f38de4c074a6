/**
 * Colours the words of code. The colours are decorations and never stored; the library comes with the first block that
 * names a language, and a block is coloured when the window has nothing else to do.
 */
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import type { createLowlight } from 'lowlight'

/** A longer block stays as it is: colouring it would be felt at every key. */
export const LONGEST = 20_000
/** Milliseconds in a row that may go into it. */
const SLICE = 8

/** A coloured stretch of a block's text. */
export interface Stretch {
  from: number
  to: number
  kind: string
}

interface Coloured {
  node: Node
  at: number
}

type Library = ReturnType<typeof createLowlight>
type Parsed = ReturnType<Library['highlight']>

const key = new PluginKey<DecorationSet>('codeColours')
let library: Library | undefined
/** What is known of blocks; a block that changes is another one. */
const known = new WeakMap<Node, readonly Stretch[]>()

/** Colours the blocks of an editor. */
export function codeColours(): Plugin {
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (change, set) => {
        let next = change.docChanged ? set.map(change.mapping, change.doc) : set
        const blocks: Coloured[] | undefined = change.getMeta(key)
        for (const { node, at } of blocks ?? []) next = next.remove(next.find(at, at + node.nodeSize))
        return blocks ? next.add(change.doc, blocks.flatMap(marksOf)) : next
      },
    },
    props: { decorations: (state) => key.getState(state) },
    view: (view) => {
      const worker = new Worker(view)
      worker.wake()
      return {
        update: (_, before) => before.doc !== view.state.doc && worker.wake(),
        destroy: () => worker.stop(),
      }
    },
  })
}

/** Looks for blocks without their colours, a little at a time. */
class Worker {
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  constructor(private readonly view: EditorView) {}

  wake(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      void this.#work()
    }, 30)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  async #work(): Promise<void> {
    const { view } = this
    if (this.#stopped || view.composing) return this.#stopped ? undefined : this.wake()
    let plain = this.#plain()
    if (plain.length === 0) return
    if (!library) {
      const { common, createLowlight } = await import('lowlight')
      library = createLowlight(common)
      if (this.#stopped) return
      plain = this.#plain()
    }
    const end = performance.now() + SLICE
    const done: Coloured[] = []
    for (const block of plain) {
      if (!known.has(block.node)) known.set(block.node, stretches(library, block.node))
      if (done.push(block) && performance.now() > end) break
    }
    view.dispatch(view.state.tr.setMeta(key, done))
    if (done.length < plain.length) this.wake()
  }

  /** Returns the blocks whose colours are not shown. */
  #plain(): Coloured[] {
    const { state } = this.view
    const shown = key.getState(state)
    const found: Coloured[] = []
    state.doc.descendants((node, at) => {
      if (node.type.name === 'codeBlock' && isColourable(node)) {
        const stretches = known.get(node)
        const isShown = stretches && (stretches.length === 0 || shown?.find(at, at + node.nodeSize).length)
        if (!isShown) found.push({ node, at })
      }
      return !node.isTextblock
    })
    return found
  }
}

function isColourable({ attrs, content }: Node): boolean {
  const { language } = attrs
  return typeof language === 'string' && language !== 'mermaid' && content.size > 0 && content.size <= LONGEST
}

/** Returns the stretches of a block; none in a language that the library does not know. */
export function stretches(library: Library, { attrs, textContent }: Node): Stretch[] {
  const language = String(attrs.language).toLowerCase()
  return library.registered(language) ? flat(library.highlight(language, textContent)) : []
}

function flat(parsed: Parsed): Stretch[] {
  const found: Stretch[] = []
  let at = 0
  const walk = (node: Parsed['children'][number] | Parsed, kind: string) => {
    if (node.type === 'text') {
      if (kind) found.push({ from: at, to: at + node.value.length, kind })
      at += node.value.length
    } else if ('children' in node) {
      const own = node.type === 'element' ? node.properties.className : undefined
      const [name] = Array.isArray(own) ? own : []
      for (const child of node.children) walk(child, name ? String(name) : kind)
    }
  }
  walk(parsed, '')
  return found
}

function marksOf({ node, at }: Coloured): Decoration[] {
  return (known.get(node) ?? []).map(({ from, to, kind }) =>
    Decoration.inline(at + 1 + from, at + 1 + to, { class: kind }),
  )
}
