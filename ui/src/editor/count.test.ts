/** Words are counted as people count them. */
import { expect, test } from 'vitest'
import { wordsIn } from './count'

test.each([
  ['', 0],
  ['one', 1],
  ["The ferry's late, at 18.", 5],
  ['— … !', 0],
  ['naïve café', 2],
])('“%s” has %i', (text, count) => {
  expect(wordsIn(text)).toBe(count)
})

test('scripts without spaces have words, too', () => {
  expect(wordsIn('渡轮时刻表') ?? 0).toBeGreaterThan(1)
})

test('what is very long is not counted in passing', () => {
  expect(wordsIn('a '.repeat(600_000))).toBeNull()
})
