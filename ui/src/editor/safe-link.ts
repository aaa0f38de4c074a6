/** Which links a document may hold and open. The shell checks again before it opens one. */

const SCHEMES = ['http:', 'https:', 'mailto:']

/** Says whether a link may be made, shown as one and opened. */
export function isSafeLink(href: unknown): href is string {
  if (typeof href !== 'string' || href.length > 2048) return false
  // Browsers skip control characters and spaces inside a scheme; so must whoever checks it.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0020\u007f]/u.test(href.slice(0, href.indexOf(':') + 1))) return false
  try {
    return SCHEMES.includes(new URL(href).protocol)
  } catch {
    return false
  }
}

/** Returns what a person typed as a link that may be made, or null: `example.org` becomes `https://example.org`. */
export function linkFrom(typed: string): string | null {
  const text = typed.trim()
  if (isSafeLink(text)) return text
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/u.test(text)) return `mailto:${text}`
  const guessed = `https://${text}`
  return /^[^\s/:]+\.[^\s/:]{2,}([/?#]|$)/u.test(text) && isSafeLink(guessed) ? guessed : null
}
