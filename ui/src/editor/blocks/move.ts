/**
 * Moving a block, without losing what a colleague types.
 *
 * The shared document cannot move anything: what moves is made anew at its new place and deleted at the old one, and
 * whatever somebody types into the old one meanwhile would go with it. So when a colleague's caret is in a block that moves
 * by one step, its neighbour moves the other way, which comes to the same; and when that does not help, nothing moves, and
 * the person is told who writes there.
 *
 * It comes to its new place first and leaves the old one then, each a change of its own: of one change nobody could tell which
 * of two blocks moved, and which one only made way.
 */
import { Selection, TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { asPutAt, leaving, stepFrom, type Unit, unitAround } from './unit'

/** What came of it. */
export type Moved = 'moved' | 'busy' | 'nowhere'

/** Says whether a colleague's caret is in a block. Carets in blocks that are not drawn are not known; nobody moves those. */
function isBusy(view: EditorView, { at }: Unit): boolean {
  const element = view.nodeDOM(at)
  return element instanceof HTMLElement && element.querySelector('.caret') !== null
}

/** Returns the unit that the caret is in. */
export function unitHere(view: EditorView): Unit | null {
  const { selection } = view.state
  const { $from } = selection
  return unitAround($from.depth === 0 && 'node' in selection ? view.state.doc.resolve($from.pos) : $from)
}

/** Moves a unit to a position. */
export function moveTo(view: EditorView, unit: Unit, to: number): Moved {
  if (isBusy(view, unit)) return 'busy'
  return put(view, unit, to) ? 'moved' : 'nowhere'
}

/** Moves a unit one step up or down. */
export function shift(view: EditorView, unit: Unit, way: 'up' | 'down'): Moved {
  const to = stepFrom(view.state.doc, unit, way)
  if (to === null) return 'nowhere'
  if (!isBusy(view, unit)) return put(view, unit, to) ? 'moved' : 'nowhere'
  const at = way === 'up' ? to : unit.at + unit.node.nodeSize
  const neighbour = { at, node: view.state.doc.nodeAt(at) }
  if (!neighbour.node || isBusy(view, neighbour as Unit)) return 'busy'
  const beyond = way === 'up' ? unit.at + unit.node.nodeSize : unit.at
  return put(view, neighbour as Unit, beyond) ? 'moved' : 'nowhere'
}

/** Puts a copy of a unit behind it. */
export function duplicate(view: EditorView, unit: Unit): void {
  view.dispatch(view.state.tr.insert(unit.at + unit.node.nodeSize, unit.node).scrollIntoView())
}

/** Deletes a unit; a document is never without a line to write on. */
export function remove(view: EditorView, unit: Unit): void {
  const { state } = view
  const [from, to] = leaving(state.doc, unit)
  const { tr } = state
  const paragraph = state.schema.nodes.paragraph
  if (to - from === state.doc.content.size && paragraph) tr.replaceWith(from, to, paragraph.create())
  else tr.delete(from, to)
  view.dispatch(tr.setSelection(Selection.near(tr.doc.resolve(Math.min(from, tr.doc.content.size)))))
}

function put(view: EditorView, unit: Unit, to: number): boolean {
  const made = asPutAt(view.state.doc, unit, to)
  if (!made || to === unit.at || to === unit.at + unit.node.nodeSize) return false
  const { anchor, head } = view.state.selection
  const isIn = (position: number) => unit.at < position && position < unit.at + unit.node.nodeSize
  const deeper = made === unit.node ? 0 : 1
  view.dispatch(view.state.tr.insert(to, made))
  const behind = to > unit.at ? 0 : made.nodeSize
  const [from, until] = leaving(view.state.doc, { at: unit.at + behind, node: unit.node })
  const { tr } = view.state
  tr.delete(from, until)
  const at = (to > unit.at ? to - (until - from) : to) + deeper
  if (isIn(anchor) && isIn(head))
    tr.setSelection(
      TextSelection.between(tr.doc.resolve(at + anchor - unit.at), tr.doc.resolve(at + head - unit.at)),
    )
  view.dispatch(tr.scrollIntoView())
  return true
}
