/**
 * What moves as one: a block at the top, in a callout, a quote or a toggle, or an item of a list with all below it. A table
 * moves as a whole. Pure.
 */
import type { Node, ResolvedPos } from '@tiptap/pm/model'

/** A block that moves as one: where it begins, and what it is. */
export interface Unit {
  at: number
  node: Node
}

const ITEMS = ['listItem', 'taskItem']
const HOLDERS = ['doc', 'blockquote', 'callout', 'toggle', 'footnote']

/** Returns the innermost unit around a position. */
export function unitAround($pos: ResolvedPos): Unit | null {
  let most = $pos.depth
  for (let depth = 1; depth <= most; depth += 1) if ($pos.node(depth).type.name === 'table') most = depth
  for (let depth = most; depth > 0; depth -= 1) {
    const node = $pos.node(depth)
    const isItem = ITEMS.includes(node.type.name)
    const isHeld = HOLDERS.includes($pos.node(depth - 1).type.name) && node.type.name !== 'toggleTitle'
    const isList = node.type.isInGroup('list')
    if (isItem || (isHeld && !(isList && depth < most))) return { at: $pos.before(depth), node }
  }
  const next = $pos.depth === 0 ? $pos.nodeAfter : null
  return next ? { at: $pos.pos, node: next } : null
}

/** Returns where a unit can go one step up or down: before or behind its neighbour; null at the end. */
export function stepFrom(doc: Node, unit: Unit, way: 'up' | 'down'): number | null {
  const $at = doc.resolve(unit.at)
  const [parent, index] = [$at.parent, $at.index()]
  if (way === 'down') {
    const next = parent.maybeChild(index + 1)
    return next ? unit.at + unit.node.nodeSize + next.nodeSize : null
  }
  const before = index > 0 ? parent.child(index - 1) : null
  return before && before.type.name !== 'toggleTitle' ? unit.at - before.nodeSize : null
}

/** Returns what stands there when a unit is put at a position: itself, or a list around an item; null when it cannot be. */
export function asPutAt(doc: Node, unit: Unit, at: number): Node | null {
  const $at = doc.resolve(at)
  const index = $at.index()
  const fits = (node: Node) => $at.parent.canReplaceWith(index, index, node.type)
  if (at > unit.at && at < unit.at + unit.node.nodeSize) return null // within itself
  if (fits(unit.node)) return unit.node
  if (!ITEMS.includes(unit.node.type.name)) return null
  const list = doc.resolve(unit.at).parent
  const wrapped = list.type.create(list.attrs, unit.node)
  return fits(wrapped) ? wrapped : null
}

/** Returns what goes when a unit leaves: itself, and a list or holder that would be empty without it. */
export function leaving(doc: Node, unit: Unit): [from: number, to: number] {
  let $at = doc.resolve(unit.at)
  let [from, to] = [unit.at, unit.at + unit.node.nodeSize]
  while ($at.depth > 0 && $at.parent.childCount === 1) {
    ;[from, to] = [$at.before(), $at.after()]
    $at = doc.resolve(from)
  }
  return [from, to]
}
