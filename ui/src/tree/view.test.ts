/** Of a long list only what is near is drawn. */
import { expect, it } from 'vitest'
import { ROW } from './drop'
import { inView } from './view'

it('draws what is seen and some beside it, and no more for a longer list', () => {
  for (const top of [0, 500 * ROW, 9_980 * ROW]) {
    const [from, to] = inView(10_000, top, 700)
    expect(from * ROW).toBeLessThanOrEqual(top)
    expect(Math.min(top + 700, 10_000 * ROW)).toBeLessThanOrEqual(to * ROW)
    expect(to - from).toBeLessThan(70)
  }
  expect(inView(5, 0, 700)).toEqual([0, 5])
  expect(inView(0, 0, 700)).toEqual([0, 0])
})

it('draws nothing of a list that is scrolled far out of sight', () => {
  const [from, to] = inView(20, 900 * ROW, 700)
  expect(to - from).toBe(0)
  const [first, last] = inView(20, -900 * ROW, 700)
  expect(first).toBe(0)
  expect(last).toBeLessThanOrEqual(20)
})
