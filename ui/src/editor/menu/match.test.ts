/** What opens a menu, and what is found in it. */
import { expect, test } from 'vitest'
import { askedAt, matching } from './match'

test.each([
  ['/', '/', 0],
  ['bring oars /h', '/', 11],
  ['(/', '/', 1],
  ['and/or', '/', null],
  ['https://', '/', null],
  ['/one two', '/', null],
  ['at 10:30', ':', null],
  ['so :smi', ':', 3],
  ['ada@example', '@', null],
  ['with @To', '@', 5],
])('in “%s” the %s is at %s', (before, sign, at) => {
  expect(askedAt(before, sign, false)).toBe(at)
})

test('the title of a document may have spaces', () => {
  expect(askedAt('see [[Ferry time', '[[', true)).toBe(4)
  expect(askedAt('see[[Ferry', '[[', true), 'and two signs stand anywhere').toBe(3)
  expect(askedAt('see [[ and on', '[[', true), 'but none first').toBeNull()
  expect(askedAt(`[[${'long '.repeat(12)}`, '[[', true), 'and whoever writes on asks nothing').toBeNull()
})

const KINDS = [
  ['Heading 1', 'title', 'h1'],
  ['Bullet list', 'unordered'],
  ['Task list', 'todo', 'checkbox'],
  ['Table'],
  ['Callout', 'hint'],
]
const found = (typed: string) => matching(KINDS, typed, (names) => names).map(([name]) => name)

test('the best match comes first, and nothing far-fetched at all', () => {
  expect(found('')).toHaveLength(KINDS.length)
  expect(found('ta')).toEqual(['Task list', 'Table'])
  expect(found('list')).toEqual(['Bullet list', 'Task list'])
  expect(found('todo')).toEqual(['Task list'])
  expect(found('h1')).toEqual(['Heading 1'])
  expect(found('TÁBLE'), 'however it is written').toEqual(['Table'])
  expect(found('clt'), 'letters left out').toEqual(['Callout'])
  expect(found('xyz')).toEqual([])
})
