/**
 * Setting a footnote: its sign where the caret is, and its block at the end of the document, where the caret goes. A click on
 * the sign leads there as well.
 */
import type { Node } from '@tiptap/pm/model'
import { Plugin, TextSelection, type Transaction } from '@tiptap/pm/state'
import { bringNear, scrollTo } from '../windowing'

/** Sets the next footnote. */
export function setFootnote(tr: Transaction): boolean {
  const { footnote, footnoteReference, paragraph } = tr.doc.type.schema.nodes
  const { $from } = tr.selection
  if (!footnote || !footnoteReference || !paragraph) return false
  if (!$from.parent.canReplaceWith($from.index(), $from.index(), footnoteReference)) return false
  const label = freeLabel(tr.doc)
  tr.insert($from.pos, footnoteReference.create({ label }))
  const end = tr.doc.content.size
  tr.insert(end, footnote.create({ label }, paragraph.create()))
  tr.setSelection(TextSelection.near(tr.doc.resolve(end + 2))).scrollIntoView()
  return true
}

/** Lets a click on a footnote's sign go to the footnote. */
export function followFootnotes(): Plugin {
  return new Plugin({
    props: {
      handleClickOn: (view, _position, sign) => {
        const at = sign.type.name === 'footnoteReference' ? find(view.state.doc, sign.attrs.label) : null
        if (at === null) return false
        view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(at + 2))))
        bringNear(view, at)
        scrollTo(() => {
          const element = view.isDestroyed ? null : view.nodeDOM(at)
          return element instanceof Element ? element : null
        }, 'center')
        return true
      },
    },
  })
}

function find(doc: Node, label: unknown): number | null {
  let found: number | null = null
  doc.descendants((node, position) => {
    if (found === null && node.type.name === 'footnote' && node.attrs.label === label) found = position
    return found === null
  })
  return found
}

/** Returns the first number that no footnote has. */
function freeLabel(doc: Node): string {
  const taken = new Set<unknown>()
  doc.descendants((node) => {
    if (node.type.name.startsWith('footnote')) taken.add(node.attrs.label)
  })
  let number = 1
  while (taken.has(String(number))) number += 1
  return String(number)
}
