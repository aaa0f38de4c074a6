/**
 * How much may come into a document at once. More would be one change that no relay takes, after minutes in which the window
 * does not answer; so it is refused before anything reads it.
 */

/** Characters, marks of HTML included. */
const CHARACTERS = 5_000_000
/** Lines: each is at least three pieces of a change, and a change has at most 131,072. */
const LINES = 40_000

/** Returns the text of what is pasted or dropped when it is too large, else null. */
export function tooLarge(data: DataTransfer | null): string | null {
  const text = data?.getData('text/plain') ?? ''
  const size = Math.max(text.length, data?.getData('text/html').length ?? 0)
  return size > CHARACTERS || hasLines(text, LINES) ? text : null
}

/** The largest title. */
const TITLE = 1000

/** Says whether this is more than a title may take at once. */
export function tooLargeForTitle(text: string): boolean {
  return text.length > TITLE
}

function hasLines(text: string, count: number): boolean {
  let at = -1
  for (let line = 0; line < count; line += 1) {
    at = text.indexOf('\n', at + 1)
    if (at < 0) return false
  }
  return true
}
