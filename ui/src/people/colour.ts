/**
 * People's colours: twelve that are legible on paper and on ink. Everybody has one that is theirs on every device; only
 * where two who are here share one, the second takes the next that is free.
 */

const COLOURS = [
  '#2f6db5',
  '#b0447a',
  '#2f7a48',
  '#a4551e',
  '#6a4fb3',
  '#0f7a7a',
  '#b03a3a',
  '#5c6b1e',
  '#8a4a9e',
  '#1f6f94',
  '#94621a',
  '#4a5d8a',
] as const

/** Returns the colours of people who are in one place, by their ids; in whatever order they are told, the same ones. */
export function coloursOf(people: string[]): Map<string, string> {
  const colours = new Map<string, string>()
  const free = new Set(COLOURS.keys())
  for (const id of [...new Set(people)].sort()) {
    let number = ownNumber(id)
    while (free.size > 0 && !free.has(number)) number = (number + 1) % COLOURS.length
    free.delete(number)
    colours.set(id, COLOURS[number] ?? COLOURS[0])
  }
  return colours
}

function ownNumber(id: string): number {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return sum % COLOURS.length
}

/** Returns one or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean)
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toLocaleUpperCase()
}
