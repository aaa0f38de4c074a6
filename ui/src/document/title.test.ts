/** The smallest edit between two titles, and what merges. */
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { difference, moved, write } from './title'

describe('the title', () => {
  it.each([
    ['Ferry', 'Ferries', { from: 4, removed: 1, inserted: 'ies' }],
    ['', 'Ferry', { from: 0, removed: 0, inserted: 'Ferry' }],
    ['aaa', 'aa', { from: 2, removed: 1, inserted: '' }],
    ['😀', '😁', { from: 0, removed: 2, inserted: '😁' }],
  ])('goes from %j to %j by one small edit', (before, after, expected) => {
    expect(difference(before, after)).toEqual(expected)
  })

  it('is no edit when nothing changed', () => {
    expect(difference('Ferry', 'Ferry')).toBeNull()
  })

  it('merges what Imke and Tomás write at the same time', () => {
    const [imke, tomas] = [new Y.Doc(), new Y.Doc()]
    write(imke.getText('title'), 'Ferry')
    Y.applyUpdate(tomas, Y.encodeStateAsUpdate(imke))
    write(imke.getText('title'), 'Winter Ferry')
    write(tomas.getText('title'), 'Ferry timetable')
    Y.applyUpdate(imke, Y.encodeStateAsUpdate(tomas))
    expect(imke.getText('title').toString(), 'neither replaced the other').toBe('Winter Ferry timetable')
  })

  it('keeps a caret where its letter went', () => {
    expect(moved(5, { from: 0, removed: 0, inserted: 'Winter ' })).toBe(12)
    expect(moved(2, { from: 4, removed: 1, inserted: '' })).toBe(2)
  })
})
