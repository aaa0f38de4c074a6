/** How many words a text has, in any script: what people would count. Pure. */

import { region } from '../settings/language'

/** A longer text is not counted while somebody waits for nothing of the kind. */
const LONGEST = 1_000_000

/** Returns the number of words; null when the text is too long to count in passing. */
export function wordsIn(text: string): number | null {
  if (text.length > LONGEST) return null
  const parts = new Intl.Segmenter(region(), { granularity: 'word' }).segment(text)
  let count = 0
  for (const { isWordLike } of parts) if (isWordLike) count += 1
  return count
}
