/** The tree of a team in memory, with the rules that the replica and the relay hold: for tests and for design work. */
import { Problem } from './backend'

/** How deep the tree may be. */
const DEEPEST = 100

/** Between the orders of two neighbours. */
const GAP = 1024

/** What a record says of a document. */
export interface Placed {
  /** It has a place; else it is under Recovered. */
  isPlaced: boolean
  parent: string | null
  order: number
  icon: string
  trashed: boolean
}

/** Every document's place. */
export class MemoryPlaces {
  readonly #places = new Map<string, Placed>()
  /** What lies under each, in order. */
  readonly #below = new Map<string | null, string[]>()

  /** Returns the place of a document. */
  get(id: string): Placed {
    return this.#places.get(id) ?? { isPlaced: false, parent: null, order: 0, icon: '', trashed: false }
  }

  /** Forgets every place. */
  clear(): void {
    this.#places.clear()
    this.#below.clear()
  }

  /** Puts a document somewhere, if the rules allow it. */
  move(id: string, parent: string | null, after: string): void {
    if (parent !== null && !this.get(parent).isPlaced) throw new Problem('no_parent')
    let depth = 0
    for (let above = parent; above !== null; above = this.get(above).parent) {
      if (above === id) throw new Problem('cycle')
      depth += 1
      if (depth > DEEPEST) throw new Problem('too_deep')
    }
    this.put(id, parent, after)
  }

  /** Puts a document somewhere, whatever the rules say: as what an older backup knew may come back. */
  put(id: string, parent: string | null, after: string): void {
    const before = this.get(id)
    const from = this.#below.get(before.parent) ?? []
    if (before.isPlaced) from.splice(from.indexOf(id), 1)
    const siblings = this.#below.get(parent) ?? []
    this.#below.set(parent, siblings)
    const behind = after === 'first' ? 0 : after === 'last' ? siblings.length : siblings.indexOf(after) + 1
    const orderOf = (sibling: string | undefined) => sibling && this.get(sibling).order
    const [low, high] = [orderOf(siblings[behind - 1]) || 0, orderOf(siblings[behind])]
    const order = high ? (low + high) / 2 : low + GAP
    siblings.splice(behind, 0, id)
    this.#places.set(id, { ...before, isPlaced: true, parent, order })
  }

  /** Writes something else of a document's record. */
  set(id: string, what: Partial<Pick<Placed, 'icon' | 'trashed' | 'isPlaced'>>): void {
    this.#places.set(id, { ...this.get(id), ...what })
  }

  /** Returns what lies under a document, in order, without what is in the trash. */
  below(parent: string | null): string[] {
    return (this.#below.get(parent) ?? []).filter((id) => !this.get(id).trashed)
  }

  /** Returns how many that are. */
  count(parent: string): number {
    return this.below(parent).length
  }

  /** Says whether the chain of parents reaches the top. */
  isReached(id: string): boolean {
    const passed = new Set<string>()
    for (let at: string | null = id; at !== null; at = this.get(at).parent) {
      if (!this.get(at).isPlaced || passed.has(at)) return false
      passed.add(at)
    }
    return true
  }

  /** Returns the way from the top to a document. */
  path(id: string): string[] {
    const path: string[] = []
    for (let at: string | null = id; at !== null && !path.includes(at); at = this.get(at).parent)
      path.unshift(at)
    return path
  }
}

/** Returns an order as text that sorts as it does: the bits of a positive number. */
export function orderText(order: number): string {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, order)
  return bits.getBigUint64(0).toString(16).padStart(16, '0')
}
