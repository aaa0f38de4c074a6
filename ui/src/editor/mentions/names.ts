/**
 * Mentions are shown with what a document is called now. The name that is stored stays what was written: it is for whoever
 * does not have the document. A click leads there.
 */
import type { Node } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import type { Links } from './links'

type Names = Map<string, string>

const key = new PluginKey<{ names: Names; set: DecorationSet }>('mentions')

/** Shows the present names, asked for when the document opens and when a mention comes that is not known. */
export function mentionNames(links: Links): Plugin {
  return new Plugin<{ names: Names; set: DecorationSet }>({
    key,
    state: {
      init: () => ({ names: new Map(), set: DecorationSet.empty }),
      apply: (change, { names, set }, _, { doc }) => {
        const told: Names | undefined = change.getMeta(key)
        if (!told && !change.docChanged) return { names, set }
        const now = told ?? names
        return {
          names: now,
          set: DecorationSet.create(
            doc,
            mentionsIn(doc).flatMap((one) => renamed(one, now)),
          ),
        }
      },
    },
    props: {
      decorations: (state) => key.getState(state)?.set,
      handleClickOn: (_view, _position, node) => {
        const { kind, id } = node.attrs
        if (node.type.name !== 'mention' || kind === 'person' || typeof id !== 'string') return false
        links.open(id)
        return true
      },
      handleKeyDown: (view, event) => {
        const node = 'node' in view.state.selection ? (view.state.selection.node as Node) : null
        if (event.key !== 'Enter' || node?.type.name !== 'mention' || node.attrs.kind === 'person')
          return false
        links.open(String(node.attrs.id))
        return true
      },
    },
    view: (view) => {
      void learn(view, links)
      return { update: (_, before) => void (before.doc !== view.state.doc && learn(view, links)) }
    },
  })
}

async function learn(view: EditorView, links: Links): Promise<void> {
  const known = key.getState(view.state)?.names ?? new Map()
  const unknown = mentionsIn(view.state.doc).flatMap(({ node: { attrs } }) =>
    attrs.kind !== 'person' && typeof attrs.id === 'string' && !known.has(attrs.id) ? [attrs.id] : [],
  )
  if (unknown.length === 0) return
  for (const id of unknown) known.set(id, '') // asked for once
  try {
    for (const [id, title] of await links.titles([...new Set(unknown)])) known.set(id, title)
  } catch {
    return // the names that were written stay
  }
  if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, known))
}

interface Mention {
  node: Node
  at: number
}

/** The mentions in a block, from its beginning; a block that did not change is not looked through again. */
const within = new WeakMap<Node, readonly Mention[]>()

function mentionsIn(doc: Node): Mention[] {
  const found: Mention[] = []
  doc.forEach((block, start) => {
    let mentions = within.get(block)
    if (!mentions) {
      const here: Mention[] = []
      block.descendants((node, at) => {
        if (node.type.name === 'mention') here.push({ node, at: at + 1 })
      })
      mentions = here
      within.set(block, mentions)
    }
    for (const { node, at } of mentions) found.push({ node, at: start + at })
  })
  return found
}

function renamed({ node, at }: Mention, names: Names): Decoration[] {
  const name = names.get(String(node.attrs.id))
  if (!name || name === node.attrs.label) return []
  return [Decoration.node(at, at + node.nodeSize, { 'data-name': name })]
}
