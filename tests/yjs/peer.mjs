// A peer for differential tests: Y.Docs behind a pipe. One JSON command a line comes in, one JSON answer a line goes out.
//
//   open   {replicas: [{client, gc}]}      forgets what was and makes these documents
//   edit   {replica, seed}                 makes one random edit, or an undo or redo
//   perform {replica, edit}                makes this edit
//   take   {replica, updates}              applies what others wrote
//   flush  {replica, way, known}           empties the queue: as rows, merged, or as a diff against a state vector
//   read   {replica}                       says what the document holds
//   load   {updates}                       says what a fresh document holds that takes these updates one by one
import { createInterface } from 'node:readline'
import * as Y from 'yjs'
import { chance } from './lib/chance.mjs'
import { edit, perform } from './lib/edits.mjs'
import { base64, bytes, deleteSet, plain, roots, stateVector, structs, tree } from './lib/reading.mjs'
import { author, take } from './lib/recorder.mjs'

let pages = []

const WAYS = {
  rows: ({ written }) => written,
  merged: ({ written }) => [Y.mergeUpdates(written)],
  diff: ({ doc }, known) => [Y.encodeStateAsUpdate(doc, bytes(known))],
}

const COMMANDS = {
  open({ replicas }) {
    for (const { doc } of pages) doc.destroy()
    pages = replicas.map(({ client, gc }) => {
      const page = author(client, { gc })
      const undo = new Y.UndoManager([page.body, page.title, page.meta], { captureTimeout: 0 })
      return { ...page, undo }
    })
    return {}
  },
  edit({ replica, seed }) {
    const page = pages[replica]
    const luck = chance(seed)
    if (luck.once(12)) page.undo.undo()
    else if (luck.once(24)) page.undo.redo()
    else edit(page.doc, luck)
    return {}
  },
  perform({ replica, edit }) {
    perform(pages[replica].doc, edit)
    return {}
  },
  take({ replica, updates }) {
    take(pages[replica].doc, updates.map(bytes))
    return {}
  },
  flush({ replica, way, known }) {
    const page = pages[replica]
    const updates = page.written.length === 0 ? [] : WAYS[way](page, known).map(base64)
    page.written.length = 0
    return { updates }
  },
  read: ({ replica }) => reading(pages[replica].doc),
  load({ updates }) {
    const doc = new Y.Doc()
    take(doc, updates.map(bytes))
    return reading(doc)
  },
}

function reading(doc) {
  if (doc.store.pendingStructs || doc.store.pendingDs) throw new Error('something is pending')
  const { body, title, meta } = roots(doc)
  return {
    title: title.toString(),
    tree: tree(body),
    meta: plain(meta.toJSON()),
    stateVector: stateVector(doc),
    deleteSet: deleteSet(doc),
    structs: structs(Y.encodeStateAsUpdate(doc)),
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { do: name, ...command } = JSON.parse(line)
  let answer
  try {
    answer = COMMANDS[name](command)
  } catch (error) {
    answer = { error: error.stack }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
