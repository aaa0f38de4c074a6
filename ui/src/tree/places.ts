/**
 * What the window knows of the tree: rows, and those levels of it that were read, page by page.
 *
 * Pure: it asks nobody. A level is a list of ids in order. What lies behind `through` was not read yet, and comes with its
 * page; a row that changes moves alone, however many others there are.
 */
import type { PlaceRow } from '../backend/bindings'

/** What a document lies under; null is the top. */
export type Parent = string | null

/** By what siblings are ordered. */
type Key = Pick<PlaceRow, 'order' | 'id'>

interface Level {
  ids: string[]
  /** As far as it was read; null when that is everything. */
  through: Key | null
}

/** A line of the visible tree. */
export interface Line {
  /** Tells lines apart for as long as they are there. */
  key: string
  /** The document; null for one that was not read yet. */
  id: string | null
  parent: Parent
  /** 0 at the top. */
  depth: number
  /** Its place among its siblings, from 1. */
  position: number
  /** How many siblings there are, with itself; -1 while nobody knows. */
  size: number
}

const isBefore = (a: Key, b: Key) => a.order < b.order || (a.order === b.order && a.id < b.id)

/** What is in the trash or has no way to the top is in no level. */
const isInTree = (row: PlaceRow) => !row.recovered && !row.trashed

/** The known part of a workspace's tree. */
export class Places {
  readonly #rows = new Map<string, PlaceRow>()
  readonly #levels = new Map<Parent, Level>()

  /** Returns a document's row, if it was read. */
  row(id: string): PlaceRow | undefined {
    return this.#rows.get(id)
  }

  /** Returns the known ids of a level, in order. */
  level(parent: Parent): readonly string[] {
    return this.#levels.get(parent)?.ids ?? []
  }

  /** Says whether everything of a level was read. */
  isWhole(parent: Parent): boolean {
    return this.#levels.get(parent)?.through === null
  }

  /** Says whether anything lies below a document. */
  hasBelow(id: string): boolean {
    return this.isWhole(id) ? this.level(id).length > 0 : (this.#rows.get(id)?.children ?? 0) > 0
  }

  /** Takes the next page of a level. */
  take(parent: Parent, page: readonly PlaceRow[], isLast: boolean): void {
    const level = this.#levels.get(parent) ?? { ids: [], through: null }
    level.through = isLast ? null : (page.at(-1) ?? level.through)
    this.#levels.set(parent, level)
    for (const row of page) this.change(row)
  }

  /** Takes a row as it is now. Returns the parents below which something came or went. */
  change(row: PlaceRow): Parent[] {
    const before = this.#rows.get(row.id)
    const [was, is] = [before && isInTree(before), isInTree(row)]
    const isSame = before && was && is && before.parent === row.parent && before.order === row.order
    if (before && was && !isSame) this.#remove(before)
    this.#rows.set(row.id, row)
    if (is) this.#insert(row) // it may be known without its level
    if (was && is && before?.parent === row.parent) return []
    return [...(before && was ? [before.parent] : []), ...(is ? [row.parent] : [])]
  }

  /** Returns the tree as it is seen: what lies below each of the expanded rows, indented. */
  lines(expanded: ReadonlySet<string>): Line[] {
    const lines: Line[] = []
    const walk = (parent: Parent, depth: number) => {
      const ids = this.level(parent)
      const told = parent === null ? -1 : (this.#rows.get(parent)?.children ?? 0)
      const size = this.isWhole(parent) ? ids.length : parent === null ? -1 : Math.max(told, ids.length)
      ids.forEach((id, at) => {
        lines.push({ key: id, id, parent, depth, position: at + 1, size })
        if (expanded.has(id) && this.hasBelow(id)) walk(id, depth + 1)
      })
      for (let at = ids.length; at < size; at += 1) {
        lines.push({ key: `${parent}/${at}`, id: null, parent, depth, position: at + 1, size })
      }
    }
    walk(null, 0)
    return lines
  }

  #insert(row: PlaceRow): void {
    const level = this.#levels.get(row.parent)
    if (!level || (level.through && isBefore(level.through, row))) return
    const at = this.#search(level.ids, row)
    if (level.ids[at] !== row.id) level.ids.splice(at, 0, row.id)
  }

  #remove(row: PlaceRow): void {
    const ids = this.#levels.get(row.parent)?.ids
    if (!ids) return
    const at = this.#search(ids, row)
    if (ids[at] === row.id) ids.splice(at, 1)
  }

  /** Returns where a row is in a level, or belongs. */
  #search(ids: readonly string[], row: Key): number {
    let [from, to] = [0, ids.length]
    while (from < to) {
      const middle = (from + to) >> 1
      const other = this.#rows.get(ids[middle] ?? '')
      if (other && isBefore(other, row)) from = middle + 1
      else to = middle
    }
    return from
  }
}

/** Returns a list without levels as lines: favourites, what was recovered. */
export function flat(ids: readonly string[]): Line[] {
  return ids.map((id, at) => ({
    key: id,
    id,
    parent: null,
    depth: 0,
    position: at + 1,
    size: ids.length,
  }))
}
