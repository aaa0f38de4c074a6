/** Icons for documents: a small set to choose from, and what counts as one when somebody types it. Pure. */

/** What is offered. */
export const EMOJI = [
  ...['📄', '📝', '📓', '📚', '📌', '📎', '🗂️', '🗃️'],
  ...['📅', '⏰', '✅', '🎯', '🚩', '💡', '🔎', '🔧'],
  ...['📈', '💰', '🧾', '📦', '🚢', '✈️', '🏠', '🗺️'],
  ...['👥', '💬', '📣', '🎉', '❤️', '⭐', '🔥', '🌱'],
  ...['🎨', '🎵', '📷', '🧪', '🧭', '🔒', '⚙️', '🧩'],
  ...['☕', '🍞', '🌊', '☀️', '🌙', '❄️', '🐦', '🌾'],
] as const

/** How many stand beside each other. */
export const ACROSS = 8

/** An icon's bytes in a record are bounded. */
const LONGEST = 64

/** Returns the first character of what was typed, as people see it; empty when there is none that can be an icon. */
export function iconIn(typed: string): string {
  const [first] = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(typed.trim())
  const icon = first?.segment ?? ''
  return new TextEncoder().encode(icon).length <= LONGEST ? icon : ''
}
