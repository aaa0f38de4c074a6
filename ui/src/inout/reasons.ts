/** Why something was left out, in words; everything of one reason stands together. */
import type { Left } from '../backend/bindings'
import { m } from '../paraglide/messages'

const SENTENCES: Record<string, (left: Left) => string> = {
  hidden: m.left_hidden,
  link: m.left_link,
  special: m.left_special,
  too_deep: m.left_too_deep,
  too_many: m.left_too_many,
  too_large: ({ most }) => m.left_too_large({ most: most ?? 0 }),
  not_text: m.left_not_text,
  damaged: m.left_damaged,
  not_shown: m.left_not_shown,
  unreadable: m.left_unreadable,
  refused: m.left_refused,
  not_here: m.left_not_here,
}

/** Paths that were left out for one reason. */
export interface Group {
  reason: string
  paths: string[]
}

/** Returns what was left out by reason, in the order in which the reasons come. */
export function grouped(left: readonly Left[]): Group[] {
  const groups = new Map<string, string[]>()
  for (const one of left) {
    const reason = (SENTENCES[one.reason] ?? m.left_unreadable)(one)
    groups.set(reason, [...(groups.get(reason) ?? []), one.path])
  }
  return [...groups].map(([reason, paths]) => ({ reason, paths }))
}
