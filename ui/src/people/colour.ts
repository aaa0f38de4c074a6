/** People's colours: twelve that are legible on paper and on ink, one for each person, the same on every device. */

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

/** Returns the colour of a person, from their id. */
export function colourOf(id: string): string {
  let sum = 0
  for (const character of id) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0]
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
