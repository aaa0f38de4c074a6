/** Binds a plain text field to a shared text: what a person types becomes the smallest edit, never a replacement. */
import type * as Y from 'yjs'
import { BY_PERSON } from '../binding/binding'

/** The place where two texts differ: `from` the same start, `removed` characters go, `inserted` comes. */
export interface Difference {
  from: number
  removed: number
  inserted: string
}

/** Returns the one edit that turns a text into another, or null when they are equal. Offsets are UTF-16 units. */
export function difference(before: string, after: string): Difference | null {
  if (before === after) return null
  const shorter = Math.min(before.length, after.length)
  let from = 0
  while (from < shorter && before[from] === after[from]) from += 1
  let end = 0
  while (end < shorter - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  // never cut a character in half
  if (from > 0 && isHigh(before.charCodeAt(from - 1))) from -= 1
  if (end > 0 && isLow(before.charCodeAt(before.length - end))) end -= 1
  return { from, removed: before.length - end - from, inserted: after.slice(from, after.length - end) }
}

/** Writes that edit into the shared text. */
export function write(text: Y.Text, after: string): void {
  const edit = difference(text.toString(), after)
  if (!edit) return
  text.doc?.transact(() => {
    if (edit.removed > 0) text.delete(edit.from, edit.removed)
    if (edit.inserted) text.insert(edit.from, edit.inserted)
  }, BY_PERSON)
}

/** Returns where a caret is after the text around it changed. */
export function moved(caret: number, edit: Difference): number {
  if (caret <= edit.from) return caret
  if (caret >= edit.from + edit.removed) return caret + edit.inserted.length - edit.removed
  return edit.from + edit.inserted.length
}

const isHigh = (unit: number) => unit >= 0xd800 && unit <= 0xdbff
const isLow = (unit: number) => unit >= 0xdc00 && unit <= 0xdfff
