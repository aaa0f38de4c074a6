/** What an import left out is told by reasons, in words, also one that this version does not know. */
import { expect, test } from 'vitest'
import { grouped } from './reasons'

test('what was left out for one reason stands together', () => {
  const left = [
    { path: '.git', reason: 'hidden', most: null },
    { path: 'a.md', reason: 'not_text', most: null },
    { path: '.obsidian', reason: 'hidden', most: null },
    { path: 'film.mov', reason: 'too_large', most: 1024 },
  ]
  const groups = grouped(left)
  expect(groups.map(({ paths }) => paths)).toEqual([['.git', '.obsidian'], ['a.md'], ['film.mov']])
  expect(groups[2]?.reason, 'a person is told how large it may be').toContain('1024')
})

test('a reason of a later version is told, too', () => {
  expect(grouped([{ path: 'x', reason: 'cursed', most: null }])[0]?.reason).toBeTruthy()
})
