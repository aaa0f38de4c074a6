/** Imports and exports of a backend in memory: what is chosen, and what comes of it, is said by whoever tests. */
import { type BackendEvent, Problem } from './backend'
import type { Exported, Format, Imported, LeftOut, Scope, Surveyed } from './bindings'

const NOTHING: LeftOut = { count: 0, first: [] }

/** One device's transfers. */
export class MemoryTransfer {
  /** What a person chooses to bring in; null for nothing. */
  chosen: Surveyed | null = null
  /** What a person chooses to take something out into: its name; null for nothing. */
  into: string | null = 'Backup'
  /** When set, each step waits for it. */
  slow: Promise<void> | null = null
  /** When set, an import cannot go on. */
  failing: Imported['problem'] = null
  /** What was left out in the end. */
  left: LeftOut = NOTHING
  /** What was taken out. */
  readonly taken: { scope: Scope; format: Format }[] = []
  /** How often somebody looked at what was taken out. */
  shown = 0
  #cancelled = false

  constructor(
    private readonly make: (title: string, parent: string | null) => string,
    private readonly tell: (event: BackendEvent) => void,
  ) {}

  async choose(): Promise<Surveyed | null> {
    return this.chosen
  }

  async import(): Promise<Imported> {
    const chosen = this.chosen
    if (!chosen) throw new Problem('internal')
    const whole = await this.#steps(chosen.documents, 'Harbour/Log.md')
    const { failing, left } = this
    const title = chosen.name
    if (!whole || failing) {
      return {
        document: null,
        title,
        documents: 1,
        files: 0,
        left: NOTHING,
        cancelled: !whole,
        problem: failing,
      }
    }
    const document = this.make(title, null)
    for (let made = 1; made < chosen.documents; made += 1) this.make(`${title} ${made}`, document)
    return { document, title, documents: chosen.documents, files: 0, left, cancelled: false, problem: null }
  }

  async export(scope: Scope, format: Format): Promise<Exported | null> {
    if (!this.into) return null
    this.taken.push({ scope, format })
    if (!(await this.#steps(3, 'Harbour'))) throw new Problem('cancelled')
    return { name: this.into, documents: 3, files: 0, left: this.left }
  }

  cancel(): void {
    this.#cancelled = true
  }

  /** Says whether nobody ended it. */
  async #steps(total: number, path: string): Promise<boolean> {
    this.#cancelled = false
    for (let done = 0; done <= total && !this.#cancelled; done += 1) {
      this.tell({ kind: 'transfer', done, total, path })
      await this.slow
    }
    return !this.#cancelled
  }
}
