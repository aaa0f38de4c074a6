/**
 * Where the caret is after somebody else's change, or after a change was taken back. Pure.
 */
import type { Node } from '@tiptap/pm/model'
import { type EditorState, Selection, TextSelection, type Transaction } from '@tiptap/pm/state'
import { changedBy } from './range'

/** Lets the selection stay at the words that it is at, and the marks that the next letter gets. */
export function keepSelection(change: Transaction, { doc, selection, storedMarks }: EditorState): void {
  if (selection instanceof TextSelection) {
    const [anchor, head] = [selection.anchor, selection.head].map((position) => follow(change, doc, position))
    select(change, anchor ?? 0, head ?? 0)
  }
  if (storedMarks) change.setStoredMarks(storedMarks)
}

/** Shows what was taken back: the selection that was there before, if it was there, or the end of what changed. */
export function showUndone(change: Transaction, anchor: number | null, head: number | null): void {
  const range = changedBy(change.steps, null)
  const isThere = (position: number | null): position is number =>
    position !== null && !!range && position >= range.from - 1 && position <= range.after + 1
  if (isThere(anchor) && isThere(head)) select(change, anchor, head)
  else if (range) change.setSelection(Selection.near(change.doc.resolve(range.after), -1))
  change.scrollIntoView()
}

function select(change: Transaction, anchor: number, head: number): void {
  const at = (position: number) => change.doc.resolve(Math.min(position, change.doc.content.size))
  change.setSelection(TextSelection.between(at(anchor), at(head)))
}

/** Returns where a position is now; in a block that was replaced by another one with the same words it is in that. */
function follow(change: Transaction, before: Node, position: number): number {
  const { pos, deletedAcross } = change.mapping.mapResult(position, -1)
  const range = deletedAcross ? changedBy(change.steps, null) : null
  const { parent, parentOffset } = before.resolve(position)
  if (!range || !parent.isTextblock || parent.content.size === 0) return pos
  let found: number | null = null
  change.doc.nodesBetween(range.from, Math.min(range.after, change.doc.content.size), (node, start) => {
    if (found === null && node.isTextblock && node.textContent === parent.textContent)
      found = start + 1 + parentOffset
    return found === null
  })
  return found ?? pos
}
