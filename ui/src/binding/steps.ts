/**
 * Steps that make what a branch shows into what it shows now, in the document and in its pieces alike.
 *
 * They are as small as what changed: a caret, a decoration or an open toggle in a part that stays is left where it is.
 */
import { Fragment, type Node, Slice } from '@tiptap/pm/model'
import { AddMarkStep, RemoveMarkStep, ReplaceStep, type Transform } from '@tiptap/pm/transform'
import { contentOf } from './fit'
import { Branch, type Inert, type Piece, startOf } from './pieces'

/** Makes the line of a branch into that of these pieces. */
export function replaceLine(branch: Branch, pieces: readonly Piece[], out: Transform): void {
  const [start, old, now] = [startOf(branch), branch.node.content, contentOf(branch.node.type, pieces)]
  const from = old.findDiffStart(now)
  const end = old.findDiffEnd(now)
  if (from !== null && end) {
    const overlap = Math.max(0, from - Math.min(end.a, end.b))
    const slice = new Slice(now.cut(from, end.b + overlap), 0, 0)
    out.step(new ReplaceStep(start + from, start + end.a + overlap, slice))
  }
  branch.splice(0, branch.row.length, pieces)
}

/** Makes the blocks of a branch into those of these pieces; what stays is not touched. */
export function replaceBlocks(branch: Branch, pieces: readonly Piece[], out: Transform): void {
  const old = branch.row.slice(0)
  const least = Math.min(old.length, pieces.length)
  let head = 0
  while (head < least && isSame(old[head], pieces[head])) head += 1
  let tail = 0
  while (tail < least - head && isSame(old.at(-1 - tail), pieces.at(-1 - tail))) tail += 1
  const there = new Set(pieces)
  let position = startOf(branch) + branch.row.size - sizeOf(old.slice(old.length - tail))
  // From the end to the beginning, one step for each stretch between pieces that stay.
  let [before, after] = [old.length - tail, pieces.length - tail]
  while (before > head || after > head) {
    const [last, end] = [before, after]
    while (before > head && !there.has(old[before - 1] as Piece)) before -= 1
    while (after > head && (before === head || pieces[after - 1] !== old[before - 1])) after -= 1
    if (before === last && after === end) throw new RangeError('shared types never change their order')
    const from = position - sizeOf(old.slice(before, last))
    const nodes = pieces.slice(after, end).map((piece) => (piece as Branch | Inert).node)
    out.step(new ReplaceStep(from, position, new Slice(Fragment.fromArray(nodes), 0, 0)))
    position = from
    while (before > head && after > head && old[before - 1] === pieces[after - 1]) {
      position -= old[before - 1]?.size ?? 0
      before -= 1
      after -= 1
    }
  }
  // What only the view has is another piece also where it looks the same.
  for (const [index, piece] of pieces.entries())
    if ((index < head || index >= pieces.length - tail) && piece instanceof Branch && !piece.type)
      take(piece, (old[index < head ? index : index - pieces.length + old.length] as Branch).node)
  const isPlain = [...old, ...pieces].every((piece) => piece.type)
  if (isPlain) branch.splice(head, old.length - tail - head, pieces.slice(head, pieces.length - tail))
  else branch.splice(0, old.length, pieces)
}

/** Gives a branch of the view, and those in it, the nodes of one that looks the same. */
function take(branch: Branch, node: Node): void {
  branch.node = node
  if (node.inlineContent) return
  for (const [index, piece] of [...branch.row].entries())
    if (piece instanceof Branch && !piece.type) take(piece, node.child(index))
}

function isSame(one: Piece | undefined, other: Piece | undefined): boolean {
  if (one === other) return true
  return (
    one instanceof Branch && other instanceof Branch && !one.type && !other.type && one.node.eq(other.node)
  )
}

function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.size, 0)
}

/** Gives letters that stay the marks of these nodes. */
export function remark(out: Transform, from: number, nodes: readonly Node[]): void {
  let at = from
  for (const node of nodes) {
    const [start, end] = [at, at + node.nodeSize]
    const steps: (AddMarkStep | RemoveMarkStep)[] = []
    out.doc.nodesBetween(start, end, (old, position) => {
      if (!old.isText) return true
      const [one, other] = [Math.max(start, position), Math.min(end, position + old.nodeSize)]
      for (const mark of old.marks)
        if (!mark.isInSet(node.marks)) steps.push(new RemoveMarkStep(one, other, mark))
      for (const mark of node.marks)
        if (!mark.isInSet(old.marks)) steps.push(new AddMarkStep(one, other, mark))
      return false
    })
    for (const step of steps) out.step(step)
    at = end
  }
}
