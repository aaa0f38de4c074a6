/**
 * Carets of colleagues, in the form that the binding's cursor plugin reads: a small stand-in for an awareness.
 *
 * The relay says who is where; nothing here decides it. The caret itself is opaque to everyone but the editor: two
 * relative positions as JSON.
 */
import type * as Y from 'yjs'
import type { Person } from '../backend/bindings'

/** One person's state as the cursor plugin wants it. */
interface CaretState {
  user: { name: string; color: string }
  cursor?: { anchor: unknown; head: unknown } | null
}

type Listener = (change: { added: number[]; updated: number[]; removed: number[] }) => void

/** The people of one document and their carets. */
export class Carets {
  readonly states = new Map<number, CaretState>()
  #numbers = new Map<string, number>()
  #listeners = new Set<Listener>()
  #sent = 'null'

  constructor(
    /** The plugin draws every state but the one under this document's client id: that is the person's own. */
    readonly doc: Y.Doc,
    private readonly moved: (caret: string | null) => void,
  ) {}

  /** Shows these people, each in their colour, and nobody else. */
  show(people: Person[], colours: Map<string, string>): void {
    const seen = new Set<number>()
    for (const person of people) {
      const color = colours.get(person.id) ?? '#000000'
      const number = this.#number(`${person.session} ${color}`) // a caret that is drawn keeps its colour
      seen.add(number)
      this.states.set(number, {
        user: { name: person.name, color },
        cursor: parse(person.caret),
      })
    }
    const removed = [...this.states.keys()].filter(
      (number) => number !== this.doc.clientID && !seen.has(number),
    )
    for (const number of removed) this.states.delete(number)
    this.#tell({ added: [], updated: [...seen], removed })
  }

  /** Part of what the plugin expects of an awareness. */
  getStates(): Map<number, CaretState> {
    return this.states
  }

  /** Part of what the plugin expects: the state it set itself. */
  getLocalState(): CaretState | null {
    return this.states.get(this.doc.clientID) ?? null
  }

  /** Part of what the plugin expects: it says where this person's caret is. */
  setLocalStateField(field: string, value: unknown): void {
    const mine = this.states.get(this.doc.clientID) ?? { user: { name: '', color: '#000000' } }
    this.states.set(this.doc.clientID, { ...mine, [field]: value } as CaretState)
    if (field !== 'cursor') return
    const caret = JSON.stringify(value ?? null)
    if (caret === this.#sent) return
    this.#sent = caret
    this.moved(value ? caret : null)
  }

  /** Part of what the plugin expects. */
  on(_event: string, listener: Listener): void {
    this.#listeners.add(listener)
  }

  /** Part of what the plugin expects. */
  off(_event: string, listener: Listener): void {
    this.#listeners.delete(listener)
  }

  #number(caret: string): number {
    const known = this.#numbers.get(caret)
    if (known !== undefined) return known
    const number = this.#numbers.size + 1
    this.#numbers.set(caret, number)
    return number
  }

  #tell(change: Parameters<Listener>[0]): void {
    for (const listener of this.#listeners) listener(change)
  }
}

/** Reads a colleague's caret; what is not one is no caret. */
function parse(caret: string | null): { anchor: unknown; head: unknown } | null {
  if (!caret) return null
  try {
    const read: unknown = JSON.parse(caret)
    if (read && typeof read === 'object' && 'anchor' in read && 'head' in read) {
      return { anchor: read.anchor, head: read.head }
    }
  } catch {
    // a caret is never worth an error
  }
  return null
}
