/** What the status line says in each state. */
import { describe, expect, it } from 'vitest'
import type { Sync } from '../backend/bindings'
import { sentence } from './sentence'

/** Every state that the relay's side can be in. */
const STATES: Sync[] = [
  { state: 'local' },
  { state: 'offline', waiting: 0 },
  { state: 'offline', waiting: 24 },
  { state: 'connecting', waiting: 0 },
  { state: 'catching_up', through: 3, head: 9 },
  { state: 'sending', waiting: 1 },
  { state: 'sending', waiting: 1240 },
  { state: 'synced' },
  { state: 'refused', documents: 1 },
  { state: 'refused', documents: 0 },
  { state: 'signed_out', waiting: 0 },
  { state: 'signed_out', waiting: 2 },
  { state: 'turned_away', code: 'version', waiting: 0 },
  { state: 'turned_away', code: 'internal', waiting: 0 },
]

describe('the status line', () => {
  it('claims nothing of words that are not on the disk, whatever the relay says', () => {
    for (const kept of ['saving', 'not saved', 'rescued'] as const) {
      for (const sync of STATES) {
        const { text, tone } = sentence(kept, sync)
        expect(text, `${kept}, ${sync.state}`).not.toMatch(/saved (on this|here)|is saved|synced|^Saved/iu)
        expect(tone, `${kept}, ${sync.state}`).not.toBe('good')
      }
    }
    expect(sentence('not saved', { state: 'synced' }).text).toBe('Not saved. Trying again')
    expect(sentence('saving', { state: 'synced' }).text).toBe('Saving')
  })

  it('calls nothing synced while the relay refuses to take a move', () => {
    const { text, tone } = sentence('saved', { state: 'refused', documents: 0 })
    expect(text).toBe('Refused by the relay: a change of the tree needs you')
    expect(tone).toBe('bad')
  })

  it('claims nothing of a workspace that did not open', () => {
    const { text, tone } = sentence('saved', null)
    expect(text).not.toMatch(/saved|synced/iu)
    expect(tone).toBe('bad')
  })

  it('stays as it is while somebody types, where it has no claim to take back', () => {
    for (const sync of STATES.filter(({ state }) => ['refused', 'catching_up'].includes(state))) {
      expect(sentence('saving', sync)).toEqual(sentence('saved', sync))
    }
    const offline = { state: 'offline', waiting: 3 } as const
    expect(sentence('saving', offline)).toEqual(sentence('saved', offline))
  })

  it('counts no letters: a sentence that waits is "changes", whoever typed it', () => {
    for (const waiting of [1, 24]) {
      expect(sentence('saved', { state: 'offline', waiting }).text).toBe('Offline, changes waiting to sync')
      expect(sentence('saved', { state: 'sending', waiting }).text).toBe('Saved here, syncing')
    }
  })

  it('says how much of a whole workspace is still on its way', () => {
    expect(sentence('saved', { state: 'sending', waiting: 1240 }).text).toBe(
      'Saved here, 1,240 changes on their way',
    )
  })

  it('never calls somebody offline who only has to sign in', () => {
    expect(sentence('saved', { state: 'signed_out', waiting: 0 }).text).toBe(
      'Signed out: sign in again to sync',
    )
    expect(sentence('saved', { state: 'signed_out', waiting: 2 }).text).toBe(
      'Signed out: changes waiting for you to sign in',
    )
  })

  it('says a refusal before anything the relay did take', () => {
    expect(sentence('saved', { state: 'refused', documents: 1 }).tone).toBe('bad')
  })
})
