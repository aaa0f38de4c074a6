/**
 * Finding words in a document. Pure.
 *
 * A block of text is searched once for each question: as long as it stays the same object, so do the places in it, and a
 * key in a long document costs one block.
 */
import type { Node } from '@tiptap/pm/model'

/** What is looked for. */
export interface Question {
  text: string
  matchCase: boolean
}

/** Where it was found. */
export interface Match {
  from: number
  to: number
}

/** What stands in a line without being text. */
const ATOM = '\ufffc'

/** Looks for one thing; what it found in a block it remembers. */
export class Search {
  #pattern: RegExp | null
  #known = new WeakMap<Node, readonly Match[]>()

  constructor(question: Question) {
    const escaped = question.text.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&')
    this.#pattern = escaped ? new RegExp(escaped, question.matchCase ? 'gu' : 'giu') : null
  }

  /** Returns every place, in order. */
  in(doc: Node): Match[] {
    const found: Match[] = []
    if (!this.#pattern) return found
    doc.descendants((node, at) => {
      if (!node.isTextblock) return true
      for (const { from, to } of this.#within(node)) found.push({ from: at + 1 + from, to: at + 1 + to })
      return false
    })
    return found
  }

  #within(block: Node): readonly Match[] {
    const known = this.#known.get(block)
    if (known) return known
    const text = block.textBetween(0, block.content.size, undefined, ATOM)
    const found = [...text.matchAll(this.#pattern as RegExp)].map(({ index, 0: words }) => ({
      from: index,
      to: index + words.length,
    }))
    this.#known.set(block, found)
    return found
  }
}

/** Returns the number of the first match at or behind a position; the first one of all if there is none. */
export function firstFrom(matches: readonly Match[], position: number): number {
  const at = matches.findIndex(({ from }) => from >= position)
  return Math.max(at, 0)
}
