/**
 * Which of the new children is which of the old ones.
 *
 * The one idea: ProseMirror keeps the object of whatever did not change, so most children are told by identity, also those
 * that were moved. Among the few that remain, those go together that have most in common, in order: what stays in its own
 * shared type merges with what others write there meanwhile. Pure.
 */
import type { Node } from '@tiptap/pm/model'

/** More pairs than this are not compared with each other. */
const MOST = 20_000

/** A child of old and the new one that it became; null where one came or went. */
export type Pair = readonly [before: number | null, after: number | null]

/** Returns the pairs in order; `score` says how much two children have in common, 0 if they can never be the same one. */
export function align(
  before: readonly Node[],
  after: readonly Node[],
  score: (before: number, after: number) => number,
): Pair[] {
  const pairs: Pair[] = []
  let [from, to] = [0, 0]
  for (const [one, other] of [...identical(before, after), [before.length, after.length] as const]) {
    pairs.push(...likely(range(from, one), range(to, other), score))
    if (one < before.length) pairs.push([one, other])
    ;[from, to] = [one + 1, other + 1]
  }
  return pairs
}

/** Returns how much two nodes of one kind have in common, in positions. */
export function common(one: Node, other: Node): number {
  const start = one.content.findDiffStart(other.content)
  if (start === null) return one.content.size
  const end = one.content.findDiffEnd(other.content)
  return Math.min(start + one.content.size - (end?.a ?? 0), one.content.size, other.content.size)
}

/** Returns the longest series of the same objects in both. */
function identical(before: readonly Node[], after: readonly Node[]): (readonly [number, number])[] {
  const where = new Map(after.map((node, index) => [node, index]))
  const found: (readonly [number, number])[] = []
  for (const [index, node] of before.entries()) {
    const other = where.get(node)
    if (other !== undefined) found.push([index, other])
  }
  // Ends of the best series of each length, and before each pair the one that it continues.
  const ends: number[] = []
  const earlier: (number | undefined)[] = []
  for (const [number, [, other]] of found.entries()) {
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((found[ends[middle] as number]?.[1] as number) < other) low = middle + 1
      else high = middle
    }
    earlier[number] = ends[low - 1]
    ends[low] = number
  }
  const series: (readonly [number, number])[] = []
  for (let at = ends.at(-1); at !== undefined; at = earlier[at])
    series.push(found[at] as readonly [number, number])
  return series.reverse()
}

/** Pairs children in order so that they have most in common. */
function likely(before: number[], after: number[], score: (before: number, after: number) => number): Pair[] {
  const best = before.length * after.length > MOST ? null : table(before, after, score)
  const pairs: Pair[] = []
  let [one, other] = [0, 0]
  while (one < before.length && other < after.length) {
    const [old, next] = [before[one] as number, after[other] as number]
    const together = score(old, next)
    const at = (row: number, column: number) => best?.[row]?.[column] ?? 0
    if (together > 0 && at(one, other) <= together + at(one + 1, other + 1)) {
      pairs.push([old, next])
      one += 1
      other += 1
    } else if (at(one + 1, other) >= at(one, other + 1)) {
      pairs.push([old, null])
      one += 1
    } else {
      pairs.push([null, next])
      other += 1
    }
  }
  for (const old of before.slice(one)) pairs.push([old, null])
  for (const next of after.slice(other)) pairs.push([null, next])
  return pairs
}

/** Returns, for the rest behind every pair, how much can be in common at most. */
function table(
  before: number[],
  after: number[],
  score: (before: number, after: number) => number,
): number[][] {
  const best = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0))
  for (let one = before.length - 1; one >= 0; one -= 1) {
    const [row, below] = [best[one] as number[], best[one + 1] as number[]]
    for (let other = after.length - 1; other >= 0; other -= 1) {
      const together = score(before[one] as number, after[other] as number)
      row[other] = Math.max(
        together > 0 ? together + (below[other + 1] as number) : 0,
        below[other] as number,
        row[other + 1] as number,
      )
    }
  }
  return best
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}
