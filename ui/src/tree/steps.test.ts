/** The keyboard in the tree. */
import { describe, expect, it } from 'vitest'
import { Places } from './places'
import { shifted, step, typeAhead } from './steps'

const row = (id: string, order: string, parent: string | null = null, children = 0) => ({
  ...{ id, parent, order, title: id, icon: '', children, trashed: false, recovered: false },
  ...{ favourite: false, refused: null, updated_at: 0 },
})

const places = new Places()
places.take(
  null,
  [row('Expedition', '10', null, 2), row('Handbook', '20', null, 1), row('Minutes', '30')],
  true,
)
places.take('Expedition', [row('Ferry', '10', 'Expedition'), row('Crew', '20', 'Expedition')], true)

const expanded = new Set(['Expedition'])
const lines = places.lines(expanded)
const isOpen = (id: string) => (places.hasBelow(id) ? expanded.has(id) : null)
const press = (at: number, key: string) => step(lines, at, key, isOpen)

describe('a key', () => {
  it('goes from row to row, and not beyond', () => {
    expect(press(0, 'ArrowDown')).toEqual({ go: 1 })
    expect(press(0, 'ArrowUp')).toBeNull()
    expect(press(4, 'ArrowDown')).toBeNull()
    expect([press(2, 'Home'), press(2, 'End')]).toEqual([{ go: 0 }, { go: 4 }])
  })

  it('opens what is closed, goes into what is open, and does nothing where nothing is', () => {
    expect(press(3, 'ArrowRight')).toEqual({ expand: 'Handbook' })
    expect(press(0, 'ArrowRight')).toEqual({ go: 1 })
    expect(press(1, 'ArrowRight')).toBeNull()
  })

  it('closes what is open, and goes out of what is not', () => {
    expect(press(0, 'ArrowLeft')).toEqual({ collapse: 'Expedition' })
    expect(press(2, 'ArrowLeft')).toEqual({ go: 0 })
    expect(press(4, 'ArrowLeft')).toBeNull()
  })
})

describe('a letter', () => {
  const go = (at: number, typed: string) => typeAhead(lines, at, typed, (id) => id)

  it('goes to the next title that begins so, around the end', () => {
    expect(go(0, 'c')).toBe(2)
    expect(go(4, 'e')).toBe(0)
    expect(go(0, 'x')).toBeNull()
  })

  it('more of them narrow it down, and stay where it fits already', () => {
    expect(go(3, 'ha')).toBe(3)
    expect(go(0, 'MIN')).toBe(4)
  })
})

describe('a move by keyboard', () => {
  it('goes past a sibling', () => {
    expect(shifted(places, 'Minutes', 'up')).toEqual({ parent: null, after: 'Expedition' })
    expect(shifted(places, 'Handbook', 'up')).toEqual({ parent: null, after: 'first' })
    expect(shifted(places, 'Ferry', 'down')).toEqual({ parent: 'Expedition', after: 'Crew' })
    expect(shifted(places, 'Minutes', 'down'), 'it is the last').toBeNull()
  })

  it('goes into the sibling above, and out again behind it', () => {
    expect(shifted(places, 'Handbook', 'in')).toEqual({ parent: 'Expedition', after: 'last' })
    expect(shifted(places, 'Expedition', 'in'), 'nothing is above it').toBeNull()
    expect(shifted(places, 'Crew', 'out')).toEqual({ parent: null, after: 'Expedition' })
    expect(shifted(places, 'Minutes', 'out'), 'it is at the top').toBeNull()
  })
})
