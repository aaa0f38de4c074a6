/** Whoever takes something back is shown what: the caret goes where the text changed, and the window follows the caret. */
import { Selection, type Transaction } from '@tiptap/pm/state'
import { ySyncPluginKey } from '@tiptap/y-tiptap'

/** Lets an undo or redo end where it changed the text; leaves everything else alone. */
export function followUndo(transaction: Transaction): void {
  const sync = transaction.getMeta(ySyncPluginKey) as { isUndoRedoOperation?: boolean } | undefined
  if (!sync?.isUndoRedoOperation) return
  const [before, after] = [transaction.before.content, transaction.doc.content]
  const [start, end] = [before.findDiffStart(after), before.findDiffEnd(after)]
  if (start === null || !end) return
  const at = Math.min(Math.max(start, end.b), after.size)
  transaction.setSelection(Selection.near(transaction.doc.resolve(at), -1)).scrollIntoView()
}
