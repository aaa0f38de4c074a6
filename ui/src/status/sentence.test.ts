/** What the status line says in each state. */
import { describe, expect, it } from 'vitest'
import { sentence } from './sentence'

describe('the status line', () => {
  it('never says saved while something is not', () => {
    expect(sentence('not saved', { state: 'synced' }).text).toBe('Not saved. Trying again')
    expect(sentence('saving', { state: 'synced' }).text).toBe('Saving')
  })

  it('counts what waits', () => {
    expect(sentence('saved', { state: 'offline', waiting: 1 }).text).toBe('Offline, 1 change waiting')
    expect(sentence('saved', { state: 'offline', waiting: 3 }).text).toBe('Offline, 3 changes waiting')
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
      'Signed out: sign in again to sync 2 changes',
    )
  })

  it('says a refusal before anything the relay did take', () => {
    expect(sentence('saved', { state: 'refused', documents: 1 }).tone).toBe('bad')
  })
})
