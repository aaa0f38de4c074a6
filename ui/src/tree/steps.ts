/** The keyboard in the tree, as the ARIA practices describe it: where a key leads, and where it moves a document. Pure. */
import type { Line, Parent, Places } from './places'

/** What a key does. */
export type Step = { go: number } | { expand: string } | { collapse: string }

/** Where a document goes: below `parent`, behind a sibling, or at one end. */
export interface Move {
  parent: Parent
  after: string
}

/** A way to move a document by keyboard. */
export type Way = 'up' | 'down' | 'in' | 'out'

/** Returns what an arrow, Home or End does on the line `at`. `isOpen` is null for what has nothing below it. */
export function step(
  lines: readonly Line[],
  at: number,
  key: string,
  isOpen: (id: string) => boolean | null,
): Step | null {
  const line = lines[at]
  const open = line?.id ? isOpen(line.id) : null
  switch (key) {
    case 'ArrowDown':
      return at + 1 < lines.length ? { go: at + 1 } : null
    case 'ArrowUp':
      return at > 0 ? { go: at - 1 } : null
    case 'Home':
      return { go: 0 }
    case 'End':
      return { go: lines.length - 1 }
    case 'ArrowRight':
      if (!line?.id || open === null) return null
      return open ? { go: at + 1 } : { expand: line.id }
    case 'ArrowLeft': {
      if (line?.id && open) return { collapse: line.id }
      const above = aboveOf(lines, at)
      return above === null ? null : { go: above }
    }
    default:
      return null
  }
}

/** Returns the line of what the line `at` lies under. */
export function aboveOf(lines: readonly Line[], at: number): number | null {
  const depth = lines[at]?.depth ?? 0
  for (let above = at - 1; above >= 0; above -= 1) if ((lines[above]?.depth ?? 0) < depth) return above
  return null
}

/** Returns the next line whose title begins with what was typed; one letter again and again goes from one to the next. */
export function typeAhead(
  lines: readonly Line[],
  at: number,
  typed: string,
  titleOf: (id: string) => string,
): number | null {
  const letters = [...typed.toLocaleLowerCase()]
  const isOneLetter = letters.every((letter) => letter === letters[0])
  const words = isOneLetter ? (letters[0] ?? '') : letters.join('')
  const first = letters.length === 1 || isOneLetter ? 1 : 0
  for (let offset = first; offset < lines.length + first; offset += 1) {
    const there = (at + offset) % lines.length
    const id = lines[there]?.id
    if (id && titleOf(id).toLocaleLowerCase().startsWith(words)) return there
  }
  return null
}

/** Returns where a document goes when it is moved that way; null when there is nowhere. */
export function shifted(places: Places, id: string, way: Way): Move | null {
  const row = places.row(id)
  if (!row) return null
  const siblings = places.level(row.parent)
  const at = siblings.indexOf(id)
  if (at < 0) return null
  const before = siblings[at - 1]
  switch (way) {
    case 'up':
      return before === undefined ? null : { parent: row.parent, after: siblings[at - 2] ?? 'first' }
    case 'down': {
      const next = siblings[at + 1]
      return next === undefined ? null : { parent: row.parent, after: next }
    }
    case 'in':
      return before === undefined ? null : { parent: before, after: 'last' }
    case 'out': {
      if (row.parent === null) return null
      return { parent: places.row(row.parent)?.parent ?? null, after: row.parent }
    }
  }
}
