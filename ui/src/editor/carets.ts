/**
 * Carets of colleagues, and one's own as others are told of it.
 *
 * The relay says who is where; nothing here decides it. The caret itself is opaque to everyone but the editor: two
 * relative positions as JSON.
 */
import type { Person } from '../backend/bindings'
import type { Colleague, Presence } from '../binding/colleagues'

/** The people of one document and their carets. */
export class Carets implements Presence {
  #shown: Colleague[] = []
  #listeners = new Set<() => void>()
  #sent: string | null = null

  constructor(private readonly tell: (caret: string | null) => void) {}

  /** Shows these people, each in their colour, and nobody else. */
  show(people: Person[], colours: Map<string, string>): void {
    this.#shown = people.flatMap(({ id, name, session, caret }) => {
      const place = parse(caret)
      const color = colours.get(id) ?? '#000000'
      return place ? [{ key: `${session} ${color}`, name, color, ...place }] : [] // a caret that is drawn keeps its colour
    })
    for (const heard of this.#listeners) heard()
  }

  colleagues(): Iterable<Colleague> {
    return this.#shown
  }

  listen(heard: () => void): () => void {
    this.#listeners.add(heard)
    return () => this.#listeners.delete(heard)
  }

  moved(place: { anchor: unknown; head: unknown } | null): void {
    const caret = place && JSON.stringify(place)
    if (caret === this.#sent) return
    this.#sent = caret
    this.tell(caret)
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
