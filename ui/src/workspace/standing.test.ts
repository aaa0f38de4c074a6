/** The words for each state, and the list that they stand in. */
import { expect, test } from 'vitest'
import type { Sync, Workspace } from '../backend/bindings'
import { nameOf, standing, withRow } from './standing'

const of = (sync: Sync | null, problem: Workspace['problem'] = null) => standing({ sync, problem })

test('what waits is counted', () => {
  expect(of({ state: 'offline', waiting: 0 }).text).toBe('Offline')
  expect(of({ state: 'offline', waiting: 1 }).text).toBe('Offline, 1 change waiting')
  expect(of({ state: 'offline', waiting: 3 }).text).toBe('Offline, 3 changes waiting')
  expect(of({ state: 'signed_out', waiting: 0 }).text).toBe('Signed out')
  expect(of({ state: 'signed_out', waiting: 2 }).text).toBe('Signed out, 2 changes waiting')
})

test('what needs a person does not look like what is well', () => {
  const wrong = [
    of({ state: 'refused', documents: 1 }),
    of({ state: 'signed_out', waiting: 0 }),
    of({ state: 'turned_away', code: 'version', waiting: 0 }),
    of(null, 'locked'),
    of(null, 'corrupt'),
    of(null, 'internal'),
  ]
  expect(new Set(wrong.map(({ tone }) => tone))).toEqual(new Set(['bad']))
  expect(new Set(wrong.map(({ text }) => text)).size, 'each in its own words').toBe(wrong.length)
  expect(of({ state: 'synced' })).toEqual({ text: 'Synced', tone: 'good' })
  expect(of(null).tone, 'nothing is claimed of one that is not open yet').toBe('calm')
})

test('a workspace is called by its name, as far as it says one', () => {
  const row: Workspace = { id: 'a', name: null, here: false, sync: { state: 'local' }, problem: null }
  expect(nameOf(row)).toBe('This device')
  expect(nameOf({ ...row, sync: null, problem: 'locked' }), 'it can be read beside the other').toBe(
    'This device',
  )
  expect(nameOf({ ...row, sync: null, problem: 'corrupt' })).toBe('A workspace that cannot be read')
})

test('a row takes the place of its older self, and a new one comes last', () => {
  const row = (id: string, name: string): Workspace => ({ id, name, here: false, sync: null, problem: null })
  const rows = [row('a', 'Crew'), row('b', 'Choir')]
  expect(withRow(rows, row('a', 'Harbour crew')).map(({ name }) => name)).toEqual(['Harbour crew', 'Choir'])
  expect(withRow(rows, row('c', 'Chess')).map(({ name }) => name)).toEqual(['Crew', 'Choir', 'Chess'])
})
