/** Which way a text runs: as its first letter does. Pure. */
import type * as Y from 'yjs'

/** Scripts that run from right to left. */
const LEFTWARDS =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u

/** So many blocks are looked through for a letter. */
const BLOCKS = 20

/** Returns which way a text runs; null for one without a letter. */
export function directionOf(text: string): 'ltr' | 'rtl' | null {
  const letter = /\p{L}/u.exec(text)?.[0]
  if (letter === undefined) return null
  return LEFTWARDS.test(letter) ? 'rtl' : 'ltr'
}

/** Returns the words of the first blocks of a document. */
export function firstWords(doc: Y.Doc): string {
  const blocks = doc.getXmlFragment('default').slice(0, BLOCKS)
  return blocks.map((block) => block.toString().replace(/<[^>]*>/gu, ' ')).join(' ')
}
