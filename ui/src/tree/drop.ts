/**
 * Where a document lands that is dropped over the visible tree. Pure: only numbers come in.
 *
 * The middle of a row means into it. Between two rows a document stays as deep as it is where that can be, and goes deeper
 * or less deep as the pointer goes sideways: from as deep as the row below the gap to one deeper than the row above it.
 * Nothing is dropped into itself: its own rows are taken for absent, and over them only its depth can change.
 */
import type { Line } from './places'
import type { Move } from './steps'

/** The height of a row, in pixels. */
export const ROW = 28
/** How much further in a level begins, in pixels. */
export const INDENT = 16

/** The part of a row, above and below, that means the gap beside it. */
const EDGE = 0.25

/** Where it lands, and what is drawn there. */
export interface Drop extends Move {
  /** The row that it goes into; null when a line is drawn. */
  into: string | null
  /** Above which line the drop line is drawn, and how far in. */
  at: number
  depth: number
  /** It would stay where it is. */
  isStill: boolean
}

/**
 * Returns where `dragged` lands. `y` is where the pointer is, in pixels from the top of the list; `aside` how many levels it
 * went sideways since it was pressed. `isOpen` is null for what has nothing below it.
 */
export function dropAt(
  lines: readonly Line[],
  dragged: string,
  aside: number,
  y: number,
  isOpen: (id: string) => boolean | null,
): Drop | null {
  const own = ownLines(lines, dragged)
  const isOwn = (at: number) => at >= own.from && at < own.to
  const over = Math.floor(y / ROW)
  const part = y / ROW - over
  const line = lines[over]
  if (line?.id && !isOwn(over) && part > EDGE && part < 1 - EDGE) {
    const isStill = parentOf(lines, own.from) === line.id && isLastOf(lines, own)
    return { parent: line.id, after: 'last', into: line.id, at: over, depth: line.depth, isStill }
  }
  const gap = within(part < 0.5 ? over : over + 1, 0, lines.length)
  const at = isOwn(gap - 1) && isOwn(gap) ? own.to : gap
  let [above, below] = [at - 1, at]
  if (isOwn(above)) above = own.from - 1
  if (isOwn(below)) below = own.to
  return betweenLines(lines, own.from, above, below, at, aside, isOpen)
}

function betweenLines(
  lines: readonly Line[],
  dragged: number,
  above: number,
  below: number,
  at: number,
  aside: number,
  isOpen: (id: string) => boolean | null,
): Drop | null {
  const upper = lines[above]
  if (!upper) {
    const isStill = dragged >= 0 && lines[dragged]?.depth === 0 && dragged === above + 1
    return { parent: null, after: 'first', into: null, at, depth: 0, isStill }
  }
  if (!upper.id) return null // nobody knows yet what is there
  const open = isOpen(upper.id)
  const least = lines[below]?.depth ?? 0
  const most = Math.max(upper.depth + (open === false ? 0 : 1), least)
  // Only whoever points at it makes something the first below what had nothing there.
  const easy = Math.max(upper.depth + (open ? 1 : 0), least)
  const natural = within(lines[dragged]?.depth ?? 0, least, easy)
  const depth = within(natural + aside, least, most)
  const move = depth > upper.depth ? { parent: upper.id, after: 'first' } : behind(lines, above, depth)
  if (!move) return null
  const isStill = dragged >= 0 && dragged === above + 1 && lines[dragged]?.depth === depth
  return { ...move, into: null, at, depth, isStill }
}

/** Behind the line at this depth that `above` belongs to. */
function behind(lines: readonly Line[], above: number, depth: number): Move | null {
  for (let at = above; at >= 0; at -= 1) {
    const line = lines[at]
    if (line?.id && line.depth === depth) return { parent: line.parent, after: line.id }
  }
  return null
}

/** The lines of a document and of what is seen below it. */
function ownLines(lines: readonly Line[], dragged: string): { from: number; to: number } {
  const from = lines.findIndex(({ id }) => id === dragged)
  if (from < 0) return { from: -1, to: -1 }
  const depth = lines[from]?.depth ?? 0
  let to = from + 1
  while (to < lines.length && (lines[to]?.depth ?? 0) > depth) to += 1
  return { from, to }
}

const within = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)

const parentOf = (lines: readonly Line[], at: number) => lines[at]?.parent

function isLastOf(lines: readonly Line[], own: { from: number; to: number }): boolean {
  return (lines[own.to]?.depth ?? -1) < (lines[own.from]?.depth ?? 0)
}
