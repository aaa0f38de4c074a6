// Turns Y.Docs into a vector: updates in causal order, and what a document that took them all must hold.
import * as Y from 'yjs'
import { base64, deleteSet, plain, roots, stateVector, structs, text, tree } from './reading.mjs'

/** A Y.Doc with a fixed client id that keeps every update it makes itself. */
export function author(clientID, { gc = true } = {}) {
  const doc = new Y.Doc({ gc })
  doc.clientID = clientID
  const written = []
  doc.on('update', (update, origin) => {
    if (origin !== FROM_LOG) written.push(update)
  })
  return { doc, written, ...roots(doc) }
}

/** The origin under which a document takes what others wrote. */
export const FROM_LOG = 'log'

export function take(doc, updates) {
  for (const update of updates) Y.applyUpdate(doc, update, FROM_LOG)
}

/** One vector: applies the updates one by one to a fresh document and writes down what it then holds. */
export function vector(name, why, updates, { gc = true } = {}) {
  const reader = new Y.Doc({ gc })
  take(reader, updates)
  if (reader.store.pendingStructs || reader.store.pendingDs)
    throw new Error(`${name}: updates are not in causal order`)
  const { body, title, meta } = roots(reader)
  const blocks = tree(body)
  const merged = Y.mergeUpdates(updates)
  return {
    name,
    why,
    gc,
    updates: updates.map(base64),
    expect: {
      title: title.toString(),
      text: text(blocks),
      tree: blocks,
      xml: body.toString(),
      meta: plain(meta.toJSON()),
      stateVector: stateVector(reader),
      deleteSet: deleteSet(reader),
      state: base64(Y.encodeStateAsUpdate(reader)),
      structs: structs(merged),
    },
  }
}
