/**
 * One open document: its Y.Doc, the road of its changes to the disk, the colleagues in it, and its honest state.
 *
 * The Y.Doc can be thrown away and made anew from the replica at any time (`generation` rises, the view follows); what
 * the person wrote and the disk did not take yet is kept for them as `rescued`.
 */
import * as Y from 'yjs'
import { type Backend, Problem } from '../backend/backend'
import type { Person, Unknown } from '../backend/bindings'
import { BindingGuard, FROM_REPLICA } from '../editor/binding-guard'
import { Carets } from '../editor/carets'
import { CommitQueue, type Saving } from '../editor/commit-queue'

/** How often the view may be made anew by the guard before the document is only shown. */
const RELOADS = 2

/** What a document is right now. */
export type Phase = 'opening' | 'editing' | 'reading' | 'failed'

/** Everything of one Y.Doc that goes when it is replaced. */
interface Copy {
  doc: Y.Doc
  guard: BindingGuard
  queue: CommitQueue
  carets: Carets
}

/** A document that is open in the window. */
export class OpenDocument {
  phase = $state<Phase>('opening')
  saving = $state<Saving>('saved')
  people = $state.raw<Person[]>([])
  unknown = $state.raw<Unknown[]>([])
  tree = $state.raw<unknown>(null)
  title = $state('')
  problem = $state.raw<Problem | null>(null)
  /** Rises whenever the Y.Doc was replaced. */
  generation = $state(0)
  /** How many updates of the binding were not stored. */
  unsolicited = $state(0)

  #copy: Copy | null = null
  #reloads = 0
  #held: Uint8Array[] = []
  #composing = false
  #closed = false

  constructor(
    private readonly backend: Backend,
    readonly id: string,
  ) {}

  /** The document that the editor binds to; only while editing. */
  get doc(): Y.Doc {
    if (!this.#copy) throw new Problem('not_open')
    return this.#copy.doc
  }

  /** The guard that the editor's dispatch goes through. */
  get guard(): BindingGuard {
    if (!this.#copy) throw new Problem('not_open')
    return this.#copy.guard
  }

  /** The colleagues' carets. */
  get carets(): Carets {
    if (!this.#copy) throw new Problem('not_open')
    return this.#copy.carets
  }

  /** Opens the document, or opens it again. */
  async open(): Promise<void> {
    await this.#letGo()
    this.phase = 'opening'
    try {
      const opened = await this.backend.open(this.id)
      if (this.#closed) return
      this.title = opened.title
      this.unknown = opened.unknown
      this.problem = null
      if (opened.unknown.length > 0) {
        this.tree = opened.tree
        this.phase = 'reading'
        return
      }
      this.#copy = this.#build(opened.update)
      this.generation += 1
      this.phase = 'editing'
      for (const update of this.#held.splice(0)) this.receive(update)
    } catch (thrown) {
      this.problem = Problem.of(thrown)
      this.phase = 'failed'
    }
  }

  /**
   * Takes what others wrote. While a word is being composed it waits, so that the input method is not disturbed; and
   * what overtakes the answer to `open` waits for it.
   */
  receive(update: Uint8Array): void {
    if (this.#composing || this.phase === 'opening') {
      this.#held.push(update)
      return
    }
    if (this.#copy) Y.applyUpdate(this.#copy.doc, update, FROM_REPLICA)
  }

  /** Says that an input method began or ended a composition. */
  set composing(is: boolean) {
    this.#composing = is
    if (!is) for (const update of this.#held.splice(0)) this.receive(update)
  }

  /** Shows who is here. */
  meet(people: Person[]): void {
    this.people = people
    this.#copy?.carets.show(people)
  }

  /** Resolves when everything written so far is on the disk. */
  settled(): Promise<void> {
    return this.#copy?.queue.settled() ?? Promise.resolve()
  }

  /** Ends it; everything written is stored first. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#letGo()
    await this.backend.close(this.id)
  }

  #build(update: Uint8Array): Copy {
    const doc = new Y.Doc({ gc: true })
    Y.applyUpdate(doc, update, FROM_REPLICA)
    const queue = new CommitQueue(
      (bytes) => this.backend.commit(this.id, bytes),
      (error) => ['invalid', 'too_large'].includes(Problem.of(error).code),
      {
        saving: (state, error) => {
          this.saving = state
          if (error !== undefined) this.problem = Problem.of(error)
          else if (state === 'saved') this.problem = null
        },
        refused: (_bytes, error) => {
          this.problem = Problem.of(error)
          void this.open()
        },
      },
    )
    const guard = new BindingGuard(doc, {
      written: (bytes) => queue.push(bytes),
      unsolicited: () => this.#distrust(),
    })
    const carets = new Carets(doc, (caret) => void this.backend.setCaret(this.id, caret))
    carets.show(this.people)
    return { doc, guard, queue, carets }
  }

  /** The binding changed the document by itself: make the view anew; if it keeps doing so, only show the document. */
  #distrust(): void {
    this.unsolicited += 1
    this.#copy?.guard.stop()
    this.#reloads += 1
    if (this.#reloads <= RELOADS) {
      queueMicrotask(() => void this.open())
      return
    }
    this.unknown = [{ kind: 'nesting', name: '' }]
    this.phase = 'reading'
  }

  async #letGo(): Promise<void> {
    const copy = this.#copy
    if (!copy) return
    copy.guard.stop()
    await copy.queue.settled()
    this.#copy = null
    this.#held = []
    this.#composing = false
    copy.doc.destroy()
  }
}
