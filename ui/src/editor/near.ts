/**
 * Which blocks of a long document are near: around what is seen, around both ends of the selection, and the document's two
 * ends. Pure: blocks are counted, never drawn.
 *
 * The one idea: what is seen is a range of block numbers that follows every change of the document by comparing its blocks
 * from both ends; everything else is derived from it and from the selection. How high a block is can be told only by the
 * page; until it was measured it is estimated from its length.
 */
import type { Node } from '@tiptap/pm/model'

/** Block numbers: from, and the first one beyond. */
export type Range = readonly [from: number, to: number]

/** As many blocks at the document's two ends are always near, so that the engine's own keys find them. */
export const ENDS = 8
/** As many blocks on either side of the selection's ends are near: a screenful, for where a key leads far away. */
export const AROUND = 16
/** As many blocks are seen at first: more than a screen holds. */
export const FIRST = 40
/** As many blocks may be seen at once. */
export const MOST = 200

/** Letters in a line of text, the height of a line and the space between blocks, in pixels. */
const [LETTERS, LINE, SPACE] = [72, 26, 12]

/** Returns the ranges in order, those that touch as one; none is empty, none reaches beyond this many blocks. */
export function union(ranges: Range[], blocks: number): Range[] {
  const found: [number, number][] = []
  const within = ranges.map(([from, to]) => [Math.max(0, from), Math.min(to, blocks)] as const)
  for (const [from, to] of within.sort((one, other) => one[0] - other[0])) {
    const last = found.at(-1)
    if (from >= to) continue
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else found.push([from, to])
  }
  return found
}

/** Returns what is between the ranges, which are in order. */
export function between(ranges: Range[], blocks: number): Range[] {
  const edges = [0, ...ranges.flat(), blocks]
  const found: Range[] = []
  for (let edge = 0; edge < edges.length; edge += 2) {
    const [from, to] = [edges[edge] ?? 0, edges[edge + 1] ?? blocks]
    if (from < to) found.push([from, to])
  }
  return found
}

/** Returns where a range of the blocks of one document is in the next: blocks are the same ones if they are the same objects. */
export function follow([from, to]: Range, before: Node, after: Node): Range {
  const [old, now] = [before.childCount, after.childCount]
  const least = Math.min(old, now)
  let same = 0
  while (same < least && before.child(same) === after.child(same)) same += 1
  let tail = 0
  while (tail < least - same && before.child(old - 1 - tail) === after.child(now - 1 - tail)) tail += 1
  const first = from <= same ? from : from >= old - tail ? from + now - old : same
  const last = to <= same ? to : to >= old - tail ? to + now - old : now - tail
  return [first, Math.min(last, first + MOST)]
}

/** Returns the number of the block at a position; at the very end it is the last one. */
export function blockAt(doc: Node, position: number): number {
  return Math.min(doc.resolve(Math.min(Math.max(position, 0), doc.content.size)).index(0), doc.childCount - 1)
}

/** Returns about how high a block is, in pixels. */
export function estimate(block: Node): number {
  return (
    SPACE +
    LINE *
      Math.max(1, Math.ceil(block.content.size / LETTERS), block.childCount * Number(!block.inlineContent))
  )
}
