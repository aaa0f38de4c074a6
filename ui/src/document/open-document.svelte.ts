/**
 * One open document: its Y.Doc, the road of its changes to the disk, the colleagues in it, and its honest state.
 *
 * The Y.Doc can be thrown away and made anew from the replica at any time: `generation` rises, the view follows and finds
 * its place again. What is typed until then goes the same road; what the disk will never take is kept as `rescued`.
 */
import * as Y from 'yjs'
import { type Backend, Problem } from '../backend/backend'
import type { Person } from '../backend/bindings'
import { BindingGuard, FROM_REPLICA } from '../editor/binding-guard'
import { Carets } from '../editor/carets'
import { CommitQueue, type Saving } from '../editor/commit-queue'
import { Files } from '../files/files'
import { Outline } from '../panel/outline.svelte'
import { coloursOf } from '../people/colour'
import { linesBeyond, linesOf } from './words'

/** How often the view may be made anew by the guard before it is put away. */
const RELOADS = 2

/** How often the person's place is written down at most, in milliseconds. */
const PLACE_PAUSE = 2000

/** What a document is right now. */
export type Phase = 'opening' | 'editing' | 'failed'

/** Everything of one Y.Doc that goes when it is replaced. */
interface Copy {
  doc: Y.Doc
  guard: BindingGuard
  carets: Carets
}

/** Where the person is in the view, and whether the keyboard is there too. */
export interface Whereabouts {
  place: string | null
  focused: boolean
}

/** A document that is open in the window. */
export class OpenDocument {
  phase = $state<Phase>('opening')
  people = $state.raw<Person[]>([])
  /** The colours of everybody here, by their ids. */
  colours = $state.raw<Map<string, string>>(new Map())
  title = $state('')
  problem = $state.raw<Problem | null>(null)
  /** Rises whenever the Y.Doc was replaced. */
  generation = $state(0)
  /** How many updates of the binding were not stored. */
  unsolicited = $state(0)
  /** The view broke; the document did not. */
  crashed = $state(false)
  /** What a person wrote here and the disk will never take, in their words; until they let go of it. */
  rescued = $state('')
  /** Says where the person is; the editor's answer while there is one. */
  look: (() => Whereabouts | null) | null = null
  /** Ends the editor at once; its own answer too. A view that goes while it is drawn would still hear that it lost the keyboard. */
  end: (() => void) | null = null
  /** The document was just made: the caret belongs into its title, once. */
  fresh = $state(false)
  /** The files that it shows. */
  readonly files: Files
  /** What is said of its text beside it. */
  readonly outline = new Outline()
  /** Whether the next view takes the keyboard. */
  focused = false

  #copy: Copy | null = null
  #queue: CommitQueue
  #saving = $state<Saving>('saved')
  #reloads = 0
  #held: Uint8Array[] = []
  #opening: Promise<void> | null = null
  #again = false
  /** What was typed into the present view while the next one is being fetched. */
  #meanwhile: Uint8Array[] | null = null
  /** How many refusals came whose words were not looked for yet. */
  #refusals = $state(0)
  /** The lines of the view that was put away last with something in it that was not on the disk. */
  #putAway: string[] = []
  #composing = false
  /** Ends the composition in the next turn. */
  #composed: ReturnType<typeof setTimeout> | undefined
  #closed = false
  #pause: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly backend: Backend,
    readonly id: string,
    /** Where the person was when they left it. */
    public place: string | null = null,
  ) {
    this.files = new Files(backend)
    this.#queue = new CommitQueue(
      (bytes) => backend.commit(id, bytes),
      (error) => ['invalid', 'too_large'].includes(Problem.of(error).code),
      {
        saving: (state, error) => {
          this.#saving = state
          if (error !== undefined) this.problem = Problem.of(error)
          else if (state === 'saved' && !this.rescued) this.problem = null
        },
        refused: (error) => {
          this.#refusals += 1
          void this.open().then(() => {
            this.problem = Problem.of(error)
          })
        },
      },
    )
  }

  /** What the disk says. While words that it refused are looked for, nobody calls them saved. */
  get saving(): Saving {
    return this.#saving === 'saved' && this.#refusals > 0 ? 'saving' : this.#saving
  }

  /** It has a place in the tree, and its text is still on its way to this device. */
  get isOnItsWay(): boolean {
    return this.phase === 'failed' && this.problem?.code === 'not_found'
  }

  /** The document that the editor binds to; only while editing. */
  get doc(): Y.Doc {
    if (!this.#copy) throw new Problem('not_open')
    return this.#copy.doc
  }

  /** The colleagues' carets. */
  get carets(): Carets {
    if (!this.#copy) throw new Problem('not_open')
    return this.#copy.carets
  }

  /** The title and every line of it, as they are in the window. */
  get words(): string {
    const lines = this.#copy ? linesOf(this.#copy.doc) : this.#putAway
    return lines.join('\n')
  }

  /** Opens the document, or opens it again: a view that is there stays in use until the new one takes its place. */
  open(): Promise<void> {
    this.#again = true
    this.#opening ??= this.#openUntilFresh().finally(() => {
      this.#opening = null
    })
    return this.#opening
  }

  async #openUntilFresh(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      await this.#openOnce()
    }
  }

  async #openOnce(): Promise<void> {
    if (!this.#copy) this.phase = 'opening'
    let refusals = 0
    try {
      await this.#queue.settled()
      refusals = this.#refusals
      const typed: Uint8Array[] = []
      this.#meanwhile = typed
      const opened = await this.backend.open(this.id)
      if (this.#closed) return
      void this.remember()
      this.#drop()
      this.problem = null
      this.crashed = false
      this.#copy = this.#build(opened)
      const { doc } = this.#copy
      for (const update of typed) Y.applyUpdate(doc, update, FROM_REPLICA)
      this.title = doc.getText('title').toString()
      this.generation += 1
      this.phase = 'editing'
      if (refusals > 0) this.#rescue(linesOf(doc), refusals)
    } catch (thrown) {
      this.#drop()
      this.problem = Problem.of(thrown)
      this.phase = 'failed'
      if (refusals > 0) this.#rescue([], refusals) // nothing else has any of it now
    } finally {
      this.#meanwhile = null
      for (const update of this.#held.splice(0)) this.#take(update)
    }
  }

  /**
   * Takes what others wrote. While a word is being composed it waits, so that the input method is not disturbed; and
   * what overtakes the answer to `open` waits for it.
   */
  receive(update: Uint8Array): void {
    if (this.#composing || this.#meanwhile) this.#held.push(update)
    else this.#take(update)
  }

  /**
   * Says that an input method began or ended a composition. What waits for its end comes in a turn of its own: some
   * webviews end a composition before they insert its word, which would then land in a text that has moved.
   */
  set composing(is: boolean) {
    clearTimeout(this.#composed)
    if (is) this.#composing = true
    else this.#composed = setTimeout(() => this.#endComposition())
  }

  #endComposition(): void {
    this.#composing = false
    if (!this.#meanwhile) for (const update of this.#held.splice(0)) this.#take(update)
  }

  /** Shows who is here besides this person. */
  meet(people: Person[], me: string): void {
    this.people = people
    this.colours = coloursOf([me, ...people.map(({ id }) => id)])
    this.#copy?.carets.show(people, this.colours)
  }

  /** Resolves when everything written so far is on the disk, or rescued. */
  async settled(): Promise<void> {
    await this.#queue.settled()
    if (this.#refusals > 0) await this.#opening
  }

  /** The person has what was rescued, or does not want it. */
  letGo(): void {
    this.rescued = ''
    this.problem = null
  }

  /** Tries at once to save what is not saved. */
  hurry(): void {
    this.#queue.hurry()
  }

  /** The person went somewhere in the document; that is written down soon. */
  moved(): void {
    this.#pause ??= setTimeout(() => void this.remember(), PLACE_PAUSE)
  }

  /** Writes down where the person is. */
  async remember(): Promise<void> {
    // A place is not worth a complaint: a disk that fails is told where it matters.
    if (this.note()) await this.backend.remember({ document: this.id, caret: this.place }).catch(() => {})
  }

  /** Notes where the person is, for when they come back; says whether that can be said. */
  note(): boolean {
    clearTimeout(this.#pause)
    this.#pause = undefined
    const now = this.look?.()
    if (!now) return false
    this.place = now.place ?? this.place
    this.focused = now.focused
    return true
  }

  /** The view broke. It is put away, and the document can be loaded again. */
  crash(): void {
    this.look = null
    // the key that broke it is still on its way through the view
    queueMicrotask(() => {
      this.end?.()
      this.crashed = true
    })
  }

  /** Ends it; everything written is stored first. */
  async close(): Promise<void> {
    await this.settled()
    this.#closed = true
    this.#drop()
    await this.backend.close(this.id)
  }

  #take(update: Uint8Array): void {
    if (!this.#copy) return
    try {
      Y.applyUpdate(this.#copy.doc, update, FROM_REPLICA)
    } catch {
      this.crash() // the document has the update; what broke is its view
    }
  }

  /** Keeps the lines of the view that was put away which are not stored. */
  #rescue(stored: string[], refusals: number): void {
    this.rescued = [this.rescued, ...linesBeyond(this.#putAway, stored)].filter(Boolean).join('\n')
    this.#refusals -= refusals
  }

  #build(update: Uint8Array): Copy {
    const doc = new Y.Doc({ gc: true })
    Y.applyUpdate(doc, update, FROM_REPLICA)
    const guard = new BindingGuard(doc, {
      written: (bytes) => {
        this.#meanwhile?.push(bytes)
        this.#queue.push(bytes)
      },
      unsolicited: () => this.#distrust(),
    })
    const carets = new Carets((caret) => void this.backend.setCaret(this.id, caret))
    carets.show(this.people, this.colours)
    return { doc, guard, carets }
  }

  /** The view changed the document by itself: it is made anew; if it keeps doing so, it is put away. */
  #distrust(): void {
    this.unsolicited += 1
    this.#copy?.guard.stop()
    this.#reloads += 1
    if (this.#reloads > RELOADS) {
      this.#reloads = 0
      this.crash()
      return
    }
    // before the next key, and after the change that the view is in the middle of
    queueMicrotask(() => {
      this.note()
      this.end?.()
      this.phase = 'opening' // nothing may be typed into a copy that is not trusted
      void this.open()
    })
  }

  #drop(): void {
    this.end?.()
    const isStored = this.saving === 'saved' && this.#refusals === 0
    if (this.#copy && !isStored) this.#putAway = linesOf(this.#copy.doc)
    this.#copy?.guard.stop()
    this.#copy?.doc.destroy()
    this.#copy = null
    this.#composing = false
  }
}
