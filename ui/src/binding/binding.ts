/**
 * One editor and one shared document, kept the same: a person's edits are written into the shared types, everybody else's changes
 * are made in the editor as steps.
 *
 * The one idea: what is shown is always what the mirror makes of the shared types. A person's edit is written as a difference, the
 * mirror takes over what that changed, and if it then shows something else than the editor, the editor follows. It writes only what
 * a person's own dispatch changed: never on opening, never when something arrives.
 */
import { type Node, Slice } from '@tiptap/pm/model'
import { type EditorState, Plugin, PluginKey, type Transaction } from '@tiptap/pm/state'
import { ReplaceStep, Transform } from '@tiptap/pm/transform'
import type { EditorView } from '@tiptap/pm/view'
import * as Y from 'yjs'
import { Mirror } from './mirror'
import { changedBy, type Range } from './range'
import { positionAt, relativeOf } from './relative'
import { keepSelection, showUndone } from './selection'
import { ownUndo, type Place, placeIn } from './undo'
import { write } from './write'

/** The origin of what a person wrote in the editor. */
export const BY_PERSON = Symbol('by a person, in the editor')

/** What the plugin knows of the steps that are not written yet. */
interface Pending {
  /** The document that they begin with, and the one that they lead to. */
  since: Node
  until: Node
  range: Range | null | undefined
  isUndoable: boolean
}

const key = new PluginKey<Pending>('binding')

/** Says whether an editor transaction only shows what the shared document says. */
export function isFromBinding(change: { getMeta(key: PluginKey): unknown }): boolean {
  return change.getMeta(key) !== undefined
}

/** Returns what an editor shows of a shared document; null if it is bound to none. */
export function mirrorOf(state: EditorState): Mirror | null {
  return key.get(state)?.spec.mirror ?? null
}

/** Binds an editor to a shared document. */
export class Binding {
  readonly mirror: Mirror
  readonly undoing: Y.UndoManager
  /** How often everything was drawn anew, because a change could not be followed. */
  redrawn = 0
  #view: EditorView | null = null
  /** Where the person was before the present change. */
  #place: Place | null = null
  /** What the mirror says is being shown: none of that is the person's. */
  #isShowing = false

  constructor(
    readonly type: Y.XmlFragment,
    schema: Node['type']['schema'],
  ) {
    this.mirror = new Mirror(type, schema)
    this.undoing = ownUndo(type, BY_PERSON, () => this.#place)
  }

  /** Returns the plugin of the editor. */
  plugin(): Plugin {
    return new Plugin<Pending>({
      key,
      mirror: this.mirror,
      state: {
        init: (_, { doc }) => ({ since: doc, until: doc, range: null, isUndoable: true }),
        apply: (change, pending, { doc }) => this.#note(change, pending, doc),
      },
      // What others changed is nothing that a plugin may answer with a change of its own.
      filterTransaction: (change) => {
        const cause: Transaction | undefined = change.getMeta('appendedTransaction')
        return !(change.docChanged && cause && isFromBinding(cause))
      },
      view: (view) => {
        this.#attach(view)
        return { update: (_, before) => this.#write(before), destroy: () => this.#detach() }
      },
    })
  }

  /** Takes back what the person did last; says whether there was something. */
  undo(): boolean {
    this.#remember(this.#view?.state)
    return this.undoing.undo() !== null
  }

  /** Does again what was taken back last; says whether there was something. */
  redo(): boolean {
    this.#remember(this.#view?.state)
    return this.undoing.redo() !== null
  }

  /** Ends it. */
  destroy(): void {
    this.#detach()
    this.undoing.destroy()
  }

  #attach(view: EditorView): void {
    this.#detach()
    this.#view = view
    this.type.doc?.on('afterTransaction', this.#hear)
    if (!this.mirror.adopt(view.state.doc)) this.#show(view)
  }

  #detach(): void {
    this.type.doc?.off('afterTransaction', this.#hear)
    this.#view = null
  }

  #note(change: Transaction, pending: Pending, before: Node): Pending {
    if (!change.docChanged) return pending
    const { doc } = this.mirror
    const goesOn = pending.since === doc && pending.until === before
    if (isFromBinding(change) || (!goesOn && before !== doc))
      return { since: change.doc, until: change.doc, range: undefined, isUndoable: true }
    return {
      since: doc,
      until: change.doc,
      range:
        goesOn && pending.range === undefined
          ? undefined
          : changedBy(change.steps, goesOn ? (pending.range ?? null) : null),
      isUndoable: change.getMeta('addToHistory') !== false,
    }
  }

  /** Writes what the person changed. */
  #write(before: EditorState): void {
    const view = this.#view
    if (!view || this.#isShowing || view.state.doc === this.mirror.doc) return
    const { doc } = view.state
    const pending = key.getState(view.state)
    const isNoted = pending?.since === this.mirror.doc && pending.until === doc
    const range = (isNoted && pending.range) || null
    if (before.doc === this.mirror.doc) this.#remember(before)
    // Should the steps have said too little, everything is compared the second time.
    for (const stretch of [range, null]) {
      this.type.doc?.transact((change) => {
        change.meta.set('addToHistory', pending?.isUndoable !== false)
        write(this.mirror.root, doc, stretch, (node) => this.mirror.beyond(node))
      }, BY_PERSON)
      if (this.mirror.adopt(doc, stretch?.from, stretch?.after)) return
      if (wordsOf(this.mirror.doc) === wordsOf(doc)) break
    }
    this.#show(view)
  }

  #hear = (change: Y.Transaction): void => {
    const view = this.#view
    if (!view) return
    if (change.origin === BY_PERSON) {
      this.#absorb(change, () => new Transform(this.mirror.doc))
      return
    }
    const { state } = view
    const steps = this.#absorb(change, () => state.tr)
    if (!steps) this.#show(view)
    else if (steps.docChanged) this.#dispatch(view, steps, change.origin)
  }

  #absorb<T extends Transform>(change: Y.Transaction, begin: () => T): T | null {
    try {
      const steps = begin()
      this.mirror.absorb(change, steps)
      return steps
    } catch {
      this.redrawn += 1
      this.mirror.reset()
      return null
    }
  }

  /** Shows what the mirror says in the place of what the editor does. */
  #show(view: EditorView): void {
    const { tr: change, doc } = view.state
    const step = stepTo(doc, this.mirror.doc)
    if (step) change.step(step)
    this.#isShowing = true
    try {
      this.#dispatch(view, change, null)
    } finally {
      this.#isShowing = false
    }
    this.mirror.adopt(view.state.doc)
  }

  #dispatch(view: EditorView, change: Transaction, origin: unknown): void {
    const undone = origin instanceof Y.UndoManager ? placeIn(origin) : undefined
    if (undone === undefined) keepSelection(change, view.state)
    else showUndone(change, positionAt(this.mirror, undone?.anchor), positionAt(this.mirror, undone?.head))
    view.dispatch(change.setMeta(key, true).setMeta('addToHistory', false))
  }

  #remember(state: EditorState | undefined): void {
    if (!state) return
    const { anchor, head } = state.selection
    this.#place = { anchor: relativeOf(this.mirror, anchor), head: relativeOf(this.mirror, head) }
  }
}

/**
 * Returns the step from a document to another one: exactly to that one, and not to what would fit there, or the editor would never
 * show what the mirror says.
 */
function stepTo(before: Node, after: Node): ReplaceStep | null {
  const from = before.content.findDiffStart(after.content)
  const end = before.content.findDiffEnd(after.content)
  if (from === null || !end) return null
  const overlap = Math.max(0, from - Math.min(end.a, end.b))
  const step = new ReplaceStep(from, end.a + overlap, after.slice(from, end.b + overlap))
  const led = step.apply(before).doc
  return led?.eq(after) ? step : new ReplaceStep(0, before.content.size, new Slice(after.content, 0, 0))
}

/** Returns everything that can be read in a document, and the names of what cannot. */
function wordsOf(doc: Node): string {
  return doc.textBetween(0, doc.content.size, '', ({ type }) => type.name)
}
