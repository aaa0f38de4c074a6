/** What a person types after a sign that opens a menu, and how well names match it. Pure. */

/** The longest question; whoever types more writes on. */
const LONGEST = 48

/**
 * Returns where the sign stands in the text before the caret, when what follows it is a question; else null. A sign within
 * a word opens nothing: `and/or`, `10:30`, `ada@example.org`.
 */
export function askedAt(before: string, sign: string, spaces: boolean): number | null {
  const at = before.lastIndexOf(sign)
  if (at < 0) return null
  const question = before.slice(at + sign.length)
  const space = spaces ? /^\s|\s\s/u : /\s/u
  const isWithinWord = /[\p{L}\p{N}/:.]$/u.test(before.slice(0, at)) && sign.length === 1
  return isWithinWord || question.length > LONGEST || space.test(question) ? null : at
}

/** A name that only has the letters somewhere within: offered where no name, and no word of one, begins with them. */
const FAR = 3

/** Returns what of a list matches what was typed, the best first, else in the list's order. */
export function matching<T>(list: readonly T[], typed: string, names: (one: T) => readonly string[]): T[] {
  const wanted = plain(typed)
  if (!wanted) return [...list]
  const ranked = list.map((one) => ({
    one,
    rank: Math.min(...names(one).map((name, at) => rank(plain(name), wanted, at))),
  }))
  const limit = ranked.some(({ rank }) => rank < FAR) ? FAR : Number.POSITIVE_INFINITY
  return ranked
    .filter(({ rank }) => rank < limit)
    .sort((left, right) => left.rank - right.rank)
    .map(({ one }) => one)
}

/** How far a name is from what was typed: as it begins, as one of its words begins, within, or its letters in order. */
function rank(name: string, wanted: string, at: number): number {
  const byName = at === 0 ? 0 : 0.5 // a second name counts a little less
  if (name === wanted) return byName
  if (name.startsWith(wanted)) return 1 + byName
  if (name.includes(` ${wanted}`)) return 2 + byName
  if (wanted.length > 1 && name.includes(wanted)) return FAR + byName
  return wanted.length > 2 && at === 0 && isScattered(name, wanted) ? FAR + 1 : Number.POSITIVE_INFINITY
}

function isScattered(name: string, wanted: string): boolean {
  let from = 0
  for (const letter of wanted) {
    from = name.indexOf(letter, from) + 1
    if (from === 0) return false
  }
  return name[0] === wanted[0]
}

function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
