/** What people type between signs, and what only looks like it. */
import { expect, test } from 'vitest'
import { FORMULA, HIGHLIGHTED, LOWERED, RAISED } from './delimited'

const between = (pattern: RegExp, typed: string) => pattern.exec(typed)?.[2]

test.each([
  [HIGHLIGHTED, 'the ==last boat==', 'last boat'],
  [LOWERED, 'H~2~', '2'],
  [RAISED, 'm^2^', '2'],
  [FORMULA, 'so $x^2 + y$', 'x^2 + y'],
  [FORMULA, '($a$', 'a'],
])('%s marks in “%s”', (pattern, typed, inner) => {
  expect(between(pattern, typed)).toBe(inner)
})

test.each([
  [HIGHLIGHTED, 'a === b ==', 'a comparison'],
  [HIGHLIGHTED, '== spaced ==', 'spaces at the signs'],
  [LOWERED, '~~gone~', 'the way to what is struck through'],
  [LOWERED, '~ about~', 'about'],
  [RAISED, 'x ^ y^', 'spaces at the signs'],
  [FORMULA, 'from $5 to $', 'prices'],
  [FORMULA, 'US$5 or A$', 'other prices'],
  [FORMULA, 'an \\$escaped$', 'a sign that stands for itself'],
])('%s leaves “%s” alone: %s', (pattern, typed) => {
  expect(between(pattern, typed)).toBeUndefined()
})
