/**
 * What a person's steps changed: one stretch of the old document that became one stretch of the new one.
 *
 * Everything before it and behind it is the same in both, so nobody has to look there. Pure.
 */
import type { Step } from '@tiptap/pm/transform'

/** A stretch: positions from `from` to `before` became those from `from` to `after`. */
export interface Range {
  from: number
  before: number
  after: number
}

/** Returns what steps changed, one behind the other, after an earlier change; undefined if a step does not say. */
export function changedBy(steps: readonly Step[], earlier: Range | null): Range | null | undefined {
  let range = earlier
  for (const step of steps) {
    const next = changeOf(step)
    if (next === undefined) return undefined
    range = range && next ? followedBy(range, next) : (next ?? range)
  }
  return range
}

/** Returns the stretch of two changes, the second of which is one of the document that the first led to. */
function followedBy(first: Range, second: Range): Range {
  const from = Math.min(first.from, second.from)
  const between = Math.max(first.after, second.before)
  return {
    from,
    before: first.before + between - first.after,
    after: second.after + between - second.before,
  }
}

function changeOf(step: Step): Range | null | undefined {
  let range: Range | null = null
  step.getMap().forEach((from, before, _, after) => {
    range = { from: range ? range.from : from, before, after }
  })
  if (range) return range
  const { from, to, pos } = step as { from?: unknown; to?: unknown; pos?: unknown }
  if (typeof pos === 'number') return { from: pos, before: pos + 1, after: pos + 1 }
  if (typeof from === 'number' && typeof to === 'number')
    return from < to ? { from, before: to, after: to } : null
  return undefined
}
