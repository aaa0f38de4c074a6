/** Setting a footnote: its sign where the caret is, and its block at the end of the document, where the caret goes. */
import type { Node } from '@tiptap/pm/model'
import { TextSelection, type Transaction } from '@tiptap/pm/state'

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

/** Returns where the footnote of a label is, or where its sign is; null when there is none. */
export function findFootnote(
  doc: Node,
  name: 'footnote' | 'footnoteReference',
  label: unknown,
): number | null {
  let found: number | null = null
  doc.descendants((node, position) => {
    if (found === null && node.type.name === name && node.attrs.label === label) found = position
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
