/** Where a document lands that is dropped. */
import { describe, expect, it } from 'vitest'
import { dropAt, ROW } from './drop'
import type { Line } from './places'

/**
 * Expedition (open)
 *   Ferry
 *   Crew
 * Handbook (closed)
 * Minutes
 */
const line = (id: string, depth: number, parent: string | null): Line => ({
  ...{ key: id, id, parent, depth, position: 1, size: 1 },
})
const lines = [
  line('Expedition', 0, null),
  line('Ferry', 1, 'Expedition'),
  line('Crew', 1, 'Expedition'),
  line('Handbook', 0, null),
  line('Minutes', 0, null),
]
const isOpen = (id: string) => ({ Expedition: true, Handbook: false })[id] ?? null

/** Drops something at a height in rows: 1.5 is the middle of the second row. */
const drop = (dragged: string, rows: number, aside = 0) => dropAt(lines, dragged, aside, rows * ROW, isOpen)
const lands = (dragged: string, rows: number, aside = 0) => {
  const found = drop(dragged, rows, aside)
  return found && [found.parent, found.after]
}

describe('a drop', () => {
  it('on the middle of a row goes into it', () => {
    expect(lands('Minutes', 3.5)).toEqual(['Handbook', 'last'])
    expect(drop('Minutes', 3.5)?.into).toBe('Handbook')
  })

  it('between two rows goes there, as deep as they are', () => {
    expect(lands('Minutes', 2.05)).toEqual(['Expedition', 'Ferry'])
    expect(lands('Ferry', 4.05)).toEqual([null, 'Handbook'])
    expect(lands('Minutes', 0.05)).toEqual([null, 'first'])
  })

  it('below the last of a level goes into it or out of it, by where the pointer is sideways', () => {
    expect(lands('Minutes', 3.05)).toEqual([null, 'Expedition'])
    expect(lands('Minutes', 3.05, 1)).toEqual(['Expedition', 'Crew'])
    expect(lands('Minutes', 3.05, 2), 'and deeper: below what had nothing below it').toEqual([
      'Crew',
      'first',
    ])
    expect(lands('Minutes', 3.05, 9), 'but no deeper than that').toEqual(['Crew', 'first'])
  })

  it('below an open row is the first in it, whatever the pointer says', () => {
    expect(lands('Minutes', 1.05, -3)).toEqual(['Expedition', 'first'])
  })

  it('below a closed row never goes into it unseen', () => {
    expect(lands('Ferry', 3.95, 5)).toEqual([null, 'Handbook'])
  })

  it('below everything is the last', () => {
    expect(lands('Ferry', 12)).toEqual([null, 'Minutes'])
  })

  it('never goes into itself: over its own rows only its depth can change', () => {
    expect(lands('Expedition', 1.5)).toEqual([null, 'first'])
    expect(drop('Expedition', 1.5)?.isStill).toBe(true)
    expect(lands('Crew', 2.5, -1)).toEqual([null, 'Expedition'])
    expect(drop('Crew', 2.5)?.isStill, 'and without that it stays').toBe(true)
    expect(lands('Minutes', 4.5, 1), 'closed rows are not gone into this way').toEqual([null, 'Handbook'])
    expect(lands('Crew', 2.5, 1)).toEqual(['Ferry', 'first'])
  })

  it('comes from elsewhere too', () => {
    expect(lands('Recovered', 2.05)).toEqual(['Expedition', 'Ferry'])
    expect(drop('Recovered', 0.05)?.isStill).toBe(false)
  })

  it('behind what was not read yet has no place', () => {
    const loading = [...lines.slice(0, 1), { ...line('x', 1, 'Expedition'), id: null }, ...lines.slice(3)]
    expect(dropAt(loading, 'Minutes', 0, 2.05 * ROW, isOpen)).toBeNull()
  })
})
