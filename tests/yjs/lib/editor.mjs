// A real Tiptap editor without a screen: jsdom underneath, Yjs behind, the extensions that Sheaf's editor has.
import { JSDOM } from 'jsdom'

// ProseMirror looks for these where a browser has them.
const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true })
const { document, Node: DomNode, Element, HTMLElement, MutationObserver, DOMParser } = window
Object.assign(globalThis, {
  window,
  document,
  Node: DomNode,
  Element,
  HTMLElement,
  MutationObserver,
  DOMParser,
})
for (const name of ['getComputedStyle', 'getSelection', 'requestAnimationFrame', 'cancelAnimationFrame']) {
  globalThis[name] = window[name].bind(window)
}
globalThis.innerHeight = window.innerHeight
globalThis.navigator ??= window.navigator
// Nothing is laid out here, so every range is nowhere.
window.Range.prototype.getClientRects = () => []
window.Range.prototype.getBoundingClientRect = () => ({
  top: 0,
  left: 0,
  bottom: 0,
  right: 0,
  width: 0,
  height: 0,
})

const { Editor } = await import('@tiptap/core')
const { default: StarterKit } = await import('@tiptap/starter-kit')
const { default: Collaboration } = await import('@tiptap/extension-collaboration')
const { default: Image } = await import('@tiptap/extension-image')
const { TaskItem, TaskList } = await import('@tiptap/extension-list')
const { TableKit } = await import('@tiptap/extension-table')
const { ownKinds } = await import('./kinds.mjs')

/** The stock marks, but code may be bold, or a link: Markdown says so, and two people may do one each at the same time. */
const starterKit = StarterKit.extend({
  addExtensions() {
    return this.parent().map((kind) => (kind.name === 'code' ? kind.extend({ excludes: 'code' }) : kind))
  },
})

/** The extensions that decide the schema. */
export const schemaExtensions = [
  // `trailingNode` writes on load, which no extension of ours may.
  starterKit.configure({ undoRedo: false, trailingNode: false }),
  TaskList,
  TaskItem.configure({ nested: true }),
  TableKit,
  Image,
  ...ownKinds,
]

/** The same without the plugin that repairs tables, which writes on its own. */
export const quietExtensions = schemaExtensions.map((extension) =>
  extension !== TableKit
    ? extension
    : TableKit.extend({
        addExtensions() {
          return this.parent().map((part) =>
            part.name === 'table' ? part.extend({ addProseMirrorPlugins: () => [] }) : part,
          )
        },
      }),
)

/** Opens an editor on the document's `default` root; resolves when the binding is in place. */
export async function openEditor(doc, extensions = schemaExtensions) {
  const editor = new Editor({
    element: window.document.createElement('div'),
    injectCSS: false,
    extensions: [...extensions, Collaboration.configure({ document: doc, field: 'default' })],
  })
  await settled()
  return editor
}

/** Lets timers that the binding set run. */
export const settled = () => new Promise((resolve) => setTimeout(resolve, 5))
