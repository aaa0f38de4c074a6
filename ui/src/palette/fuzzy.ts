/** How well a few letters name something: they are the beginnings of its words, in their order, as in `nd` for *New document*. */

/** Returns how well, more is better; null when they do not. */
export function fuzzy(letters: string, name: string): number | null {
  const wanted = fold(letters).join('')
  const words = fold(name)
  const score = wanted === '' ? null : best(wanted, words)
  return score === null ? null : score - words.length / 10
}

/** The best way to read letters as beginnings of words: few long ones before many short ones, early ones before late ones. */
function best(letters: string, words: string[]): number | null {
  if (letters === '') return 0
  const [word, ...rest] = words
  if (word === undefined) return null
  let most = best(letters, rest)
  if (most !== null) most -= 1
  for (let taken = 1; taken <= word.length && word[taken - 1] === letters[taken - 1]; taken += 1) {
    const others = best(letters.slice(taken), rest)
    if (others !== null) most = Math.max(most ?? 0, others + taken * taken)
  }
  return most
}

/** Returns the words of a text, without case and accents. */
function fold(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}
