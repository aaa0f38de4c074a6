/** How long a text is. A long one is counted in slices of time, and a block that did not change is not counted again. */
import type { Node } from '@tiptap/pm/model'
import { wordsIn } from '../editor/count'
import { mentionWords } from '../editor/kinds/mention'

/** How long a text is. */
export interface Count {
  /** Null where one line alone is too long to be taken apart in passing. */
  words: number | null
  /** As people count them: what looks like one is one. Spaces count, ends of lines do not. */
  characters: number
}

/** So long the window waits for a slice, in milliseconds. */
const SLICE = 8
/** Words that people read in a minute. */
const PACE = 220

const known = new WeakMap<Node, Count>()

/** Counts a document; null when it got old meanwhile. */
export async function counted(doc: Node, isOld: () => boolean): Promise<Count | null> {
  const lines: Node[] = []
  doc.descendants((node) => {
    if (node.isTextblock) lines.push(node)
    return !node.isTextblock
  })
  let until = performance.now() + SLICE
  const all: Count = { words: 0, characters: 0 }
  for (const line of lines) {
    if (performance.now() > until) {
      await new Promise((resolve) => setTimeout(resolve))
      if (isOld()) return null
      until = performance.now() + SLICE
    }
    const { words, characters } = ofLine(line)
    all.words = words === null || all.words === null ? null : all.words + words
    all.characters += characters
  }
  return all
}

/** Returns how many minutes so many words take to read: at least one, but for none. */
export function minutesFor(words: number): number {
  return words === 0 ? 0 : Math.max(1, Math.round(words / PACE))
}

function ofLine(line: Node): Count {
  const before = known.get(line)
  if (before) return before
  const text = line.textBetween(0, line.content.size, undefined, (leaf) =>
    leaf.type.name === 'mention' ? mentionWords(leaf.attrs) : '\n',
  )
  let characters = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) if (!/[\r\n]/u.test(segment)) characters += 1
  const count = { words: wordsIn(text), characters }
  known.set(line, count)
  return count
}
