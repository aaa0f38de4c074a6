/** Where the open document is: the way to it from the top, and whether that leads through the trash. */
import type { Backend } from '../backend/backend'
import type { PlaceRow } from '../backend/bindings'

/** The place of one document. */
export class Where {
  /** From the top; the document last. */
  path = $state.raw<PlaceRow[]>([])

  #of: string | null = null
  #asked = 0

  constructor(private readonly backend: Backend) {}

  /** The document's own row. */
  get row(): PlaceRow | null {
    return this.path.at(-1) ?? null
  }

  /** What of the way was put into the trash, the nearest; the document is in the trash with it. */
  get trashed(): PlaceRow | null {
    return this.path.findLast((row) => row.trashed) ?? null
  }

  /** Looks where this document is. */
  async follow(id: string | null): Promise<void> {
    if (id !== this.#of) this.path = []
    this.#of = id
    this.#asked += 1
    const asked = this.#asked
    // Where it is, is not worth a complaint: what is wrong with the disk is told where it matters.
    const path = id === null ? [] : await this.backend.path(id).catch(() => [])
    if (asked === this.#asked) this.path = path
  }

  /** The rows of these documents changed; null: any may have. */
  changed(documents: string[] | null): void {
    const isHere = (id: string) => id === this.#of || this.path.some((row) => row.id === id)
    if (documents === null || documents.some(isHere)) void this.follow(this.#of)
  }
}
