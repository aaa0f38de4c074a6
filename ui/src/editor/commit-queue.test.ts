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

/** A disk whose commits are let through one at a time. */
class Disk {
  stored: Uint8Array[] = []
  inFlight = 0
  most = 0
  states: Saving[] = []
  refused: Uint8Array[] = []
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
      { saving: (state) => this.states.push(state), refused: (update) => this.refused.push(update) },
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

  it('hands back what will never be stored, and goes on', async () => {
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
    expect(disk.refused).toEqual([first])
    expect(disk.stored).toEqual([second])
  })

  it('gives what is not stored to whoever closes it', async () => {
    const disk = new Disk()
    const queue = disk.queue()
    const updates = typing('quay')
    for (const update of updates) queue.push(update)
    expect(textOf(queue.close()), 'a rescue needs every letter').toBe('quay')
  })
})
