/**
 * Taking back one's own edits, and only those: Yjs's own undo, which remembers where the person was.
 *
 * Nothing that others wrote goes with it: a block or a text that holds something of theirs stays.
 */
import * as Y from 'yjs'

/** Where a person was: both ends of the selection. */
export interface Place {
  anchor: Y.RelativePosition
  head: Y.RelativePosition
}

const PLACE = Symbol('where the person was')

/** Returns the undo of what has this origin; `place` says where the person was before the present change. */
export function ownUndo(type: Y.XmlFragment, origin: unknown, place: () => Place | null): Y.UndoManager {
  const undo = new Y.UndoManager(type, {
    trackedOrigins: new Set([origin]),
    captureTransaction: (change) => change.meta.get('addToHistory') !== false,
    // Children go before what they are in, so what still holds something holds what others wrote.
    deleteFilter: (item) =>
      !(
        item.content instanceof Y.ContentType &&
        'length' in item.content.type &&
        Number(item.content.type.length) > 0
      ),
  })
  undo.on('stack-item-added', ({ stackItem }: { stackItem: { meta: Map<unknown, unknown> } }) => {
    stackItem.meta.set(PLACE, place())
  })
  return undo
}

/** Returns where the person was before what is being taken back; null if that is not known. */
export function placeIn(undo: Y.UndoManager): Place | null {
  return (undo.currStackItem?.meta.get(PLACE) as Place | undefined) ?? null
}
