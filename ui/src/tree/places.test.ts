/** The known part of the tree: pages arrive, rows change, and only what changed moves. */
import { describe, expect, it } from 'vitest'
import type { PlaceRow } from '../backend/bindings'
import { Places } from './places'

const row = (
  id: string,
  order: string,
  parent: string | null = null,
  more: Partial<PlaceRow> = {},
): PlaceRow => ({
  id,
  parent,
  order,
  title: id,
  icon: '',
  children: 0,
  trashed: false,
  recovered: false,
  favourite: false,
  refused: null,
  updated_at: 0,
  ...more,
})

/** Expedition with two documents in it, and the minutes. */
function harbour(): Places {
  const places = new Places()
  places.take(null, [row('expedition', '10', null, { children: 2 }), row('minutes', '20')], true)
  places.take('expedition', [row('ferry', '10', 'expedition'), row('crew', '20', 'expedition')], true)
  return places
}

const seen = (places: Places, ...expanded: string[]) =>
  places.lines(new Set(expanded)).map(({ id, depth }) => `${'. '.repeat(depth)}${id ?? '…'}`)

describe('the visible tree', () => {
  it('shows what lies below expanded rows, indented and counted', () => {
    const places = harbour()
    expect(seen(places)).toEqual(['expedition', 'minutes'])
    expect(seen(places, 'expedition')).toEqual(['expedition', '. ferry', '. crew', 'minutes'])
    const [, ferry] = places.lines(new Set(['expedition']))
    expect(ferry).toMatchObject({ depth: 1, position: 1, size: 2, parent: 'expedition' })
  })

  it('has a row for each document that it knows to be there and has not read', () => {
    const places = new Places()
    places.take(null, [row('handbook', '10', null, { children: 3 })], true)
    expect(seen(places, 'handbook'), 'so that nothing jumps when they come').toEqual([
      'handbook',
      '. …',
      '. …',
      '. …',
    ])
    places.take('handbook', [row('a', '10', 'handbook')], false)
    expect(seen(places, 'handbook')).toEqual(['handbook', '. a', '. …', '. …'])
    expect(places.lines(new Set()).map(({ size }) => size)).toEqual([1])
  })
})

describe('a change', () => {
  it('moves one row, and names the parents that have more or fewer documents now', () => {
    const places = harbour()
    expect(places.change(row('crew', '05', null))).toEqual(['expedition', null])
    expect(seen(places, 'expedition')).toEqual(['crew', 'expedition', '. ferry', 'minutes'])
    expect(places.change(row('crew', '15', null)), 'within a level nobody is counted again').toEqual([])
    expect(seen(places)).toEqual(['expedition', 'crew', 'minutes'])
  })

  it('takes a row out of the tree when it goes into the trash, and back in its place', () => {
    const places = harbour()
    places.change(row('ferry', '10', 'expedition', { trashed: true }))
    expect(seen(places, 'expedition')).toEqual(['expedition', '. crew', 'minutes'])
    places.change(row('ferry', '10', 'expedition'))
    expect(seen(places, 'expedition')).toEqual(['expedition', '. ferry', '. crew', 'minutes'])
  })

  it('keeps a document without a way to the top out of it', () => {
    const places = harbour()
    places.change(row('lost', '10', null, { recovered: true }))
    expect(seen(places)).toEqual(['expedition', 'minutes'])
    expect(places.row('lost')?.title, 'but not out of the window').toBe('lost')
  })

  it('behind what was read comes with its page, and only once', () => {
    const places = new Places()
    places.take(null, [row('a', '10'), row('b', '20')], false)
    places.change(row('z', '90'))
    places.change(row('aa', '15'))
    expect(seen(places)).toEqual(['a', 'aa', 'b'])
    places.take(null, [row('c', '30'), row('z', '90')], true)
    places.change(row('z', '90'))
    expect(seen(places)).toEqual(['a', 'aa', 'b', 'c', 'z'])
  })

  it('of one row among ten thousand is that of one row, wherever it goes', () => {
    const places = new Places()
    const hex = (at: number) => at.toString(16).padStart(8, '0')
    const all = Array.from({ length: 10_000 }, (_, at) => row(`log-${at}`, hex(at * 16)))
    places.take(null, all, true)
    places.change(row('log-9999', hex(8)))
    expect(places.level(null).slice(0, 3)).toEqual(['log-0', 'log-9999', 'log-1'])
    expect(places.level(null).length).toBe(10_000)
    places.change(row('log-9999', hex(9999 * 16)))
    expect(places.level(null).at(-1)).toBe('log-9999')
  })

  it('may be known before its level is', () => {
    const places = harbour()
    places.change(row('knots', '10', 'minutes'))
    places.change(row('minutes', '20', null, { children: 1 }))
    places.take('minutes', [row('knots', '10', 'minutes')], true)
    expect(seen(places, 'minutes')).toEqual(['expedition', 'minutes', '. knots'])
  })

  it('of two siblings with the same order is settled by their ids, as everywhere', () => {
    const places = new Places()
    places.take(null, [row('b', '10'), row('c', '10')], true)
    places.change(row('a', '10'))
    expect(seen(places)).toEqual(['a', 'b', 'c'])
  })
})
