/** Stories of the commit queue: order, one in flight, failures that pass, refusals that do not. */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { CommitQueue, type Saving } from './commit-queue'

/** Returns the updates of somebody typing these letters, and the text of any updates applied in order. */
function typing(letters: string): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const [index, letter] of [...letters].entries()) doc.getText('title').insert(index, letter)
  return updates
}

function textOf(updates: Uint8Array[]): string {
  const doc = new Y.Doc()
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc.getText('title').toString()
}

/** What a replica reckons an update's runs to cost, and what it takes at most: rule A14 of its reader. */
function chainCost(update: Uint8Array): number {
  let cost = 0
  let place = 0
  let end = ''
  for (const struct of Y.decodeUpdate(update).structs) {
    if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentString)) continue
    const origin = struct.origin ? `${struct.origin.client}:${struct.origin.clock}` : ''
    place = origin !== '' && origin === end ? place + 1 : 0
    cost += place * new TextEncoder().encode(struct.content.str).byteLength
    end = `${struct.id.client}:${struct.id.clock + struct.length - 1}`
  }
  return cost
}
const MOST_COST = 8 * 1024 * 1024

/** A disk whose commits are let through one at a time. */
class Disk {
  stored: Uint8Array[] = []
  inFlight = 0
  most = 0
  states: Saving[] = []
  refused = 0
  #gates: (() => void)[] = []

  queue(fail: (attempt: number) => Error | null = () => null, final: (e: unknown) => boolean = () => false) {
    let attempt = 0
    return new CommitQueue(
      async (update) => {
        this.inFlight += 1
        this.most = Math.max(this.most, this.inFlight)
        await new Promise<void>((resolve) => this.#gates.push(resolve))
        this.inFlight -= 1
        const error = fail(attempt++)
        if (error) throw error
        this.stored.push(update)
      },
      final,
      { saving: (state) => this.states.push(state), refused: () => (this.refused += 1) },
      async () => {},
    )
  }

  /** Lets commits through until there is nothing to let through any more. */
  async drain(): Promise<void> {
    for (let idle = 0; idle < 5; ) {
      const gate = this.#gates.shift()
      if (gate) gate()
      idle = gate ? 0 : idle + 1
      await Promise.resolve()
      await Promise.resolve()
    }
  }
}

describe('the commit queue', () => {
  it('has one commit in flight, and what Imke types meanwhile follows together, in order', async () => {
    const disk = new Disk()
    const queue = disk.queue()
    for (const update of typing('ferry timetable')) queue.push(update)
    await disk.drain()
    expect(disk.most, 'two commits in flight could be stored the wrong way round').toBe(1)
    expect(disk.stored.length, 'the first key, then all the others together').toBe(2)
    expect(textOf(disk.stored)).toBe('ferry timetable')
    expect(disk.states.at(-1)).toBe('saved')
  })

  it('says "not saved" while the disk refuses, and loses nothing', async () => {
    const disk = new Disk()
    const queue = disk.queue((attempt) => (attempt < 3 ? new Error('disk_full') : null))
    for (const update of typing('anchor')) queue.push(update)
    await disk.drain()
    expect(disk.states).toContain('not saved')
    expect(textOf(disk.stored), 'every letter is there once the disk takes them').toBe('anchor')
    expect(disk.states.at(-1)).toBe('saved')
  })

  it('says what will never be stored, and goes on', async () => {
    const disk = new Disk()
    const queue = disk.queue(
      (attempt) => (attempt === 0 ? new Error('invalid') : null),
      () => true,
    )
    const [first, second] = typing('ab')
    if (first) queue.push(first)
    await disk.drain()
    if (second) queue.push(second)
    await disk.drain()
    expect(disk.refused).toBe(1)
    expect(disk.stored).toEqual([second])
  })

  it('never folds more than a replica takes, however long the disk refused', async () => {
    const disk = new Disk()
    const queue = disk.queue((attempt) => (attempt < 2 ? new Error('disk_full') : null))
    const [letters, pastes] = [typing('x'.repeat(6_000)), typing('')]
    const doc = new Y.Doc()
    doc.on('update', (update: Uint8Array) => pastes.push(update))
    for (let at = 0; at < 900; at += 1) doc.getText('title').insert(at * 300, 'p'.repeat(300))
    expect(chainCost(Y.mergeUpdates(letters)), 'all letters at once would be refused').toBeGreaterThan(
      MOST_COST,
    )
    expect(chainCost(Y.mergeUpdates(pastes)), 'and so would all pastes').toBeGreaterThan(MOST_COST)
    for (const update of [...letters, ...pastes]) queue.push(update)
    await disk.drain()
    for (const update of disk.stored) expect(chainCost(update), 'each piece passes').toBeLessThan(MOST_COST)
    expect(disk.stored.length, 'and still they are few').toBeLessThan(100)
    expect(textOf(disk.stored).length, 'every letter and every paste is there').toBe(6_000 + 900 * 300)
  }, 60_000)

  it('loses only what is at fault when several are refused together', async () => {
    let refused = 0
    const [a, b, c, d] = typing('abcd') as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]
    const isUnsound = (update: Uint8Array) => Y.decodeUpdate(update).structs.some(({ id }) => id.clock === 3)
    const stored: Uint8Array[] = []
    const queue = new CommitQueue(
      async (update) => {
        if (isUnsound(update)) throw new Error('invalid')
        stored.push(update)
      },
      () => true,
      { saving: () => {}, refused: () => (refused += 1) },
    )
    for (const update of [a, b, c, d]) queue.push(update)
    await queue.settled()
    expect(textOf(stored), 'what is sound is stored').toBe('abc')
    expect(refused, 'and the rest is told').toBe(1)
  })
})
