/**
 * A person's edit in a line of text: letters come and go in the shared texts where they did in the editor, marks change where they
 * changed, and nothing is written twice.
 *
 * A shared text is never deleted as long as its block is there, also an empty one: what somebody else writes into it meanwhile
 * then stays. When something is put into the middle of a text, what is behind it goes on in a text of its own.
 */
import type { Fragment, Node } from '@tiptap/pm/model'
import * as Y from 'yjs'
import { type Beyond, build, deltaOf } from './build'
import { cut } from './fit'
import { difference } from './marks'
import { Branch, lengthOfRun, ownerOf, type Piece, type Shared, Words } from './pieces'
import type { Range } from './range'
import { remove, writeAttributes } from './write'

/** A stretch of the line that became another: positions in the old content, and where it ends in the new. */
interface Stretch {
  from: number
  before: number
  after: number
}

/** Writes what made the line of a branch into that of a node. */
export function writeLine(branch: Branch, node: Node, range: Range | null, beyond: Beyond): void {
  const [old, now] = [branch.node.content, node.content]
  const all = within(old, now, range) ?? whereDifferent(old, now)
  if (!all) return
  const other = narrowed(old, now, all)
  // From the end to the beginning: so what is before keeps its place.
  remark(branch, now, other.before, all.before, other.after - other.before)
  replace(branch, other.from, other.before, now.cut(other.from, other.after), beyond)
  remark(branch, now, all.from, other.from, 0)
}

/** Returns the part of the range that is in this line; null if the range does not fit. */
function within(old: Fragment, now: Fragment, range: Range | null): Stretch | null {
  if (!range) return null
  const from = Math.max(range.from, 0)
  const rest = old.size - range.before
  const isEqual = rest >= 0 && rest === now.size - range.after
  const [before, after] = isEqual ? [range.before, range.after] : [old.size, now.size]
  return from <= Math.min(before, after) ? { from, before, after } : null
}

function whereDifferent(old: Fragment, now: Fragment): Stretch | null {
  const from = old.findDiffStart(now)
  const end = old.findDiffEnd(now)
  if (from === null || !end) return null
  const overlap = Math.max(0, from - Math.min(end.a, end.b))
  return { from, before: end.a + overlap, after: end.b + overlap }
}

/** Returns what of a stretch has other letters or other nodes, whatever their marks. */
function narrowed(old: Fragment, now: Fragment, { from, before, after }: Stretch): Stretch {
  const [one, other] = [unitsOf(old.cut(from, before)), unitsOf(now.cut(from, after))]
  const least = Math.min(one.length, other.length)
  let head = 0
  while (head < least && isSameUnit(one[head], other[head])) head += 1
  let tail = 0
  while (tail < least - head && isSameUnit(one.at(-1 - tail), other.at(-1 - tail))) tail += 1
  if (head > 0 && isHalf(one[head - 1])) head -= 1
  if (tail > 0 && isHalf(one.at(-tail), true)) tail -= 1
  return {
    from: from + sizeOf(one.slice(0, head)),
    before: before - sizeOf(one.slice(one.length - tail)),
    after: after - sizeOf(other.slice(other.length - tail)),
  }
}

type Unit = string | Node

function unitsOf(line: Fragment): Unit[] {
  return line.content.flatMap((node): Unit[] => (node.isText ? (node.text ?? '').split('') : [node]))
}

function isSameUnit(one: Unit | undefined, other: Unit | undefined): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other
  if (!one || !other) return false
  return one === other || one.eq(other) || (one.type === other.type && one.isLeaf && !('stored' in one.attrs))
}

/** Says whether a letter is the first half of one that takes two places, or the second. */
function isHalf(unit: Unit | undefined, second = false): boolean {
  const code = typeof unit === 'string' ? unit.charCodeAt(0) : 0
  return second ? code >= 0xdc00 && code <= 0xdfff : code >= 0xd800 && code <= 0xdbff
}

function sizeOf(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + (typeof unit === 'string' ? 1 : unit.nodeSize), 0)
}

/** Writes other marks for letters that stayed, and other attributes for nodes that did; in the new line they are `shift` further. */
function remark(branch: Branch, now: Fragment, from: number, to: number, shift: number): void {
  if (from >= to) return
  const { schema } = branch.node.type
  branch.node.content.nodesBetween(from, to, (old, position) => {
    const [start, end] = [Math.max(from, position), Math.min(to, position + old.nodeSize)]
    now.nodesBetween(start + shift, end + shift, (node, place) => {
      const [begin, until] = [Math.max(start, place - shift), Math.min(end, place + node.nodeSize - shift)]
      if (!old.isText) writeNode(branch, begin, node)
      else if (old.marks !== node.marks)
        for (const { words, at, runs } of textBetween(branch, begin, until)) {
          let index = at
          for (const run of runs) {
            const change = difference(schema, run.attributes, old.marks, node.marks)
            if (Object.keys(change).length > 0) words.type.format(index, lengthOfRun(run), change)
            index += lengthOfRun(run)
          }
        }
      return false
    })
    return false
  })
}

function writeNode(branch: Branch, position: number, node: Node): void {
  const { index, offset } = branch.row.at(position)
  const piece = branch.row.get(index)
  if (offset === position && piece instanceof Branch) writeAttributes(piece, node)
}

/** Deletes what was between two places of the old line, and puts something else there. */
function replace(branch: Branch, from: number, to: number, put: Fragment, beyond: Beyond): void {
  for (const { words, at, runs } of textBetween(branch, from, to).reverse())
    words.type.delete(
      at,
      runs.reduce((sum, run) => sum + lengthOfRun(run), 0),
    )
  for (const [piece, offset] of piecesBetween(branch, from, to))
    if (!(piece instanceof Words) && offset >= from && offset + piece.size <= to) remove(piece)
  if (put.size === 0) return
  const { words, at, left } = spot(branch, from)
  const nodes = put.content
  const leading = deltaOf(nodes)
  const rest = nodes.slice(leading.length)
  if (words && (at > 0 || leading.length > 0)) {
    let index = at
    for (const { insert, attributes } of leading) {
      words.type.insert(index, insert, attributes)
      index += insert.length
    }
    if (rest.length > 0) behind(branch, words, index, rest, beyond)
  } else owner(branch)?.insertAfter(left as Y.XmlElement | null, build(nodes, beyond))
}

/** Puts nodes behind a place of a text; what of the text is behind it goes on behind them. */
function behind(branch: Branch, words: Words, index: number, nodes: readonly Node[], beyond: Beyond): void {
  const made = build(nodes, beyond)
  const tail = cut(words.type.toDelta(), index, Number.POSITIVE_INFINITY)
  if (tail.length > 0) {
    words.type.delete(index, words.type.length - index)
    const last = made.at(-1)
    const next = last instanceof Y.XmlText ? last : new Y.XmlText()
    if (next !== last) made.push(next)
    const ready = tail.map((run) =>
      run.insert instanceof Y.AbstractType ? { ...run, insert: run.insert.clone() } : run,
    )
    const before = next === last ? deltaOf(nodes.slice(nodes.findLastIndex((node) => !node.isText) + 1)) : []
    const text = before.reduce((sum, { insert }) => sum + insert.length, 0)
    next.applyDelta([...(text > 0 ? [{ retain: text }] : []), ...ready] as never)
  }
  owner(branch)?.insertAfter(words.type, made)
}

/** Returns where something goes that is put at a place of the line: into a text, or behind a shared type. */
function spot(branch: Branch, position: number): { words: Words | null; at: number; left: Shared | null } {
  let [offset, left]: [number, Shared | null] = [0, null]
  let next: Words | null = null
  for (const piece of branch.row) {
    const end = offset + piece.size
    if (piece instanceof Words && offset < position && position <= end)
      return { words: piece, at: position - offset, left }
    if (offset >= position) {
      if (piece instanceof Words) next = piece
      break
    }
    left = piece.type
    offset = end
  }
  return { words: next, at: 0, left }
}

function textBetween(branch: Branch, from: number, to: number) {
  return piecesBetween(branch, from, to).flatMap(([piece, offset]) => {
    if (!(piece instanceof Words)) return []
    const at = Math.max(from - offset, 0)
    return [{ words: piece, at, runs: cut(piece.runs, at, Math.min(to - offset, piece.size)) }]
  })
}

function piecesBetween(branch: Branch, from: number, to: number): [Piece, number][] {
  const found: [Piece, number][] = []
  let offset = 0
  for (const piece of branch.row) {
    if (offset < to && offset + piece.size > from) found.push([piece, offset])
    offset += piece.size
  }
  return found
}

function owner(branch: Branch): Y.XmlFragment | null {
  return (branch.type ? branch : ownerOf(branch))?.type ?? null
}
