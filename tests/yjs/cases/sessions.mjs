// Whole sessions: several replicas edit, go offline, undo, and exchange in the order of one log.
import * as Y from 'yjs'
import { chance } from '../lib/chance.mjs'
import { edit } from '../lib/edits.mjs'
import { author, take, vector } from '../lib/recorder.mjs'

/** How a replica empties its queue, as real clients do: one by one, merged, or as a diff of its state. */
const WAYS = {
  rows: (queue) => queue,
  merged: (queue) => [Y.mergeUpdates(queue)],
  diff: (_queue, page, known) => [Y.encodeStateAsUpdate(page.doc, known)],
}

function session(seed, replicas, steps, gc) {
  const luck = chance(seed)
  const pages = Array.from({ length: replicas }, (_, at) => ({
    ...author(1000 * seed + at + 1, { gc }),
    seen: 0,
  }))
  const managers = pages.map(
    (page) => new Y.UndoManager([page.body, page.title, page.meta], { captureTimeout: 0 }),
  )
  const log = []
  const exchange = (page) => {
    take(page.doc, log.slice(page.seen))
    const queue = page.written.splice(0)
    if (queue.length > 0) {
      const relay = new Y.Doc({ gc: false })
      take(relay, log)
      log.push(
        ...WAYS[luck.pick(['rows', 'rows', 'merged', 'diff'])](queue, page, Y.encodeStateVector(relay)),
      )
    }
    page.seen = log.length
  }
  for (let step = 0; step < steps; step += 1) {
    const at = luck.below(replicas)
    if (luck.once(12)) managers[at].undo()
    else if (luck.once(24)) managers[at].redo()
    else edit(pages[at].doc, luck)
    if (luck.once(8)) exchange(luck.pick(pages))
  }
  for (const page of [...pages, ...pages]) exchange(page)
  const states = pages.map((page) => JSON.stringify([page.title.toString(), page.body.toString()]))
  if (new Set(states).size !== 1) throw new Error(`session ${seed} does not converge in Yjs itself`)
  return vector(
    `session ${seed}`,
    `${replicas} replicas, ${steps} steps, ${gc ? 'collected' : 'not collected'}; seed ${seed}.`,
    log,
    { gc },
  )
}

export default () =>
  Array.from({ length: 40 }, (_, at) => session(at + 1, 2 + (at % 4), 60 + 10 * (at % 7), at % 3 !== 0))
