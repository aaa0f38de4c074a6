/**
 * The editor's schema and behaviour. Mirrors `schema` of the document crate; a test compares the two.
 *
 * No extension here writes on load: no trailing node, no ids put on blocks.
 */
import type { Extensions } from '@tiptap/core'
import { TaskItem, TaskList } from '@tiptap/extension-list'
import { TableCell, TableHeader, TableRow } from '@tiptap/extension-table'
import { Placeholder } from '@tiptap/extensions'
import StarterKit from '@tiptap/starter-kit'
import type * as Y from 'yjs'
import type { Colleague } from '../binding/colleagues'
import { bindingTo } from '../binding/extension'
import type { Carets } from './carets'
import { PromptFocus } from './focus'
import { ownKinds } from './kinds'
import { Picture } from './picture'
import { isSafeLink } from './safe-link'
import { OurTable } from './tables'

/** The stock kit, but code may be bold, or a link: Markdown says so, and two people may do one each at the same time. */
const OurKit = StarterKit.extend({
  addExtensions() {
    const stock: Extensions = this.parent?.() ?? []
    return stock.map((kind) => (kind.name === 'code' ? kind.extend({ excludes: 'code' }) : kind))
  },
})

/** Nodes and marks: what a document may hold. */
export function schemaExtensions(): Extensions {
  return [
    OurKit.configure({
      undoRedo: false, // each person's undo is Yjs's
      trailingNode: false, // it would write on load
      heading: { levels: [1, 2, 3, 4, 5, 6] },
      link: {
        openOnClick: false,
        autolink: true,
        defaultProtocol: 'https',
        isAllowedUri: (href) => isSafeLink(href),
        HTMLAttributes: { rel: 'noopener noreferrer nofollow' },
      },
      dropcursor: { width: 2, color: 'var(--accent)' },
    }),
    TaskList,
    TaskItem.configure({ nested: true }),
    OurTable,
    TableRow,
    TableHeader,
    TableCell,
    Picture,
    ...ownKinds,
  ]
}

/** Everything that an open document's editor is made of, with what its view adds. */
export function editorExtensions(
  doc: Y.Doc,
  carets: Carets,
  placeholder: string,
  view: Extensions = [],
): Extensions {
  return [
    ...schemaExtensions(),
    ...view,
    PromptFocus,
    Placeholder.configure({ placeholder }),
    bindingTo(doc.getXmlFragment('default'), {
      presence: carets,
      drawing: {
        caret: caretElement,
        selection: ({ color }) => ({
          nodeName: 'span',
          class: 'caret-selection',
          style: `--person: ${color}`,
        }),
      },
    }),
  ]
}

/**
 * Draws a colleague's caret; its label fades by itself. Whoever writes on at the end of a block has it beside the caret,
 * where it hides nothing; elsewhere it hangs over the line above.
 */
function caretElement({ name, color }: Colleague): HTMLElement {
  const caret = document.createElement('span')
  caret.className = 'caret'
  caret.style.setProperty('--person', color)
  const label = document.createElement('span')
  label.className = 'caret-name'
  label.textContent = name
  caret.append(label)
  requestAnimationFrame(() => label.classList.toggle('beside', isAtTheEnd(caret)))
  return caret
}

/** Says whether no words follow a caret in its block. */
function isAtTheEnd(caret: Element): boolean {
  let next = caret.nextSibling
  while (next && (next instanceof Element ? next.matches('.caret, br, img') : next.textContent === '')) {
    next = next.nextSibling
  }
  return next === null
}
