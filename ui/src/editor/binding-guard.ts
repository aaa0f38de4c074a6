/**
 * Tells a person's changes from those that nobody made.
 *
 * A person's change carries the binding's origin, or is an undo. Should anything else in the window ever write by itself, it would
 * tell everyone; so whatever comes otherwise is never stored, is counted, and the view is made anew from what the replica
 * holds. One exception costs nothing: after others changed marks, Yjs sweeps marks that have no effect any more out of its
 * own copy; every copy does, so that is neither stored nor a reason to doubt the view.
 */
import * as Y from 'yjs'
import { BY_PERSON } from '../binding/binding'

/** The origin of updates that came from the replica. */
export const FROM_REPLICA = Symbol('from the replica')

/** What the guard tells its owner. */
export interface GuardReports {
  /** A person changed the document. */
  written(update: Uint8Array): void
  /** The document changed and nobody had changed it: throw this copy away. */
  unsolicited(): void
}

/** Watches one Y.Doc under one editor. */
export class BindingGuard {
  /** How many updates were not stored because nobody had asked for them. */
  unsolicited = 0
  #stop: () => void

  constructor(
    doc: Y.Doc,
    private readonly reports: GuardReports,
  ) {
    // What was deleted can be seen right after a change only; when its update is told, Yjs has collected it.
    const sweeps = new WeakSet<Y.Transaction>()
    const look = (change: Y.Transaction) => {
      if (onlySweepsMarks(change)) sweeps.add(change)
    }
    const hear = (update: Uint8Array, origin: unknown, _doc: Y.Doc, change: Y.Transaction) => {
      if (!sweeps.has(change)) this.#hear(update, origin)
    }
    doc.on('afterTransaction', look)
    doc.on('update', hear)
    this.#stop = () => {
      doc.off('afterTransaction', look)
      doc.off('update', hear)
    }
  }

  /** Stops watching. */
  stop(): void {
    this.#stop()
  }

  #hear(update: Uint8Array, origin: unknown): void {
    if (origin === FROM_REPLICA) return
    if (origin === BY_PERSON || origin instanceof Y.UndoManager) {
      this.reports.written(update)
      return
    }
    this.unsolicited += 1
    this.reports.unsolicited()
  }
}

/** Says whether a change that nobody asked for adds nothing and removes nothing but marks: Yjs's own sweeping. */
function onlySweepsMarks(change: Y.Transaction): boolean {
  if (change.origin !== null) return false
  for (const [client, clock] of change.afterState) {
    if ((change.beforeState.get(client) ?? 0) !== clock) return false
  }
  let onlyMarks = true
  Y.iterateDeletedStructs(change, change.deleteSet, (struct) => {
    if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentFormat)) onlyMarks = false
  })
  return onlyMarks
}
