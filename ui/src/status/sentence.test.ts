/** What the status line says in each state. */
import { describe, expect, it } from 'vitest'
import { sentence } from './sentence'

describe('the status line', () => {
  it('never says saved while something is not', () => {
    expect(sentence('not saved', { state: 'synced' }).text).toBe('Not saved. Trying again')
  })

  it('counts what waits', () => {
    expect(sentence('saved', { state: 'offline', waiting: 1 }).text).toBe('Offline, 1 change waiting')
    expect(sentence('saved', { state: 'offline', waiting: 3 }).text).toBe('Offline, 3 changes waiting')
  })

  it('says a refusal before anything the relay did take', () => {
    expect(sentence('saved', { state: 'refused', documents: 1 }).tone).toBe('bad')
  })
})
