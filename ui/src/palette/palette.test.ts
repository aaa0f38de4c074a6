/** The registry of commands, their keys, and how they are found. */
import { describe, expect, it } from 'vitest'
import { COMMANDS, commandOf } from './commands'
import { fuzzy } from './fuzzy'
import { isPressed, keyCaps } from './keys'

function key(key: string, held: KeyboardEventInit = {}): KeyboardEvent {
  return new KeyboardEvent('keydown', { key, ...held })
}

describe('commands', () => {
  it('are named by the beginnings of their words', () => {
    expect(fuzzy('nd', 'New document')).not.toBeNull()
    expect(fuzzy('new doc', 'New document')).not.toBeNull()
    expect(fuzzy('docu', 'New document')).not.toBeNull()
    expect(fuzzy('ew', 'New document'), 'nobody begins in the middle').toBeNull()
    expect(fuzzy('tomas', 'Move this document to the trash')).toBeNull()
    expect(fuzzy('', 'New document')).toBeNull()
    expect(fuzzy('trash', 'Trash')).toBeGreaterThan(fuzzy('trash', 'Move to the trash') ?? 0)
    expect(fuzzy('CAFE', 'Café')).not.toBeNull()
  })

  it('have names and keys of their own', () => {
    expect(new Set(COMMANDS.map(({ id }) => id)).size).toBe(COMMANDS.length)
    const keys = COMMANDS.flatMap(({ keys }) => keys ?? [])
    expect(new Set(keys).size, 'no key does two things').toBe(keys.length)
    for (const { id, title, keys } of COMMANDS) {
      expect(title(), id).not.toBe('')
      for (const each of keys ?? []) expect(keyCaps(each, false).every((cap) => cap !== '')).toBe(true)
    }
  })

  it('are heard by their keys, where there is something to do', () => {
    const nothing = () => {}
    expect(commandOf(key('k', { ctrlKey: true }), { search: nothing })).toBe('search')
    expect(commandOf(key('k', { ctrlKey: true }), { new: nothing })).toBeNull()
    expect(commandOf(key('k', { ctrlKey: true }), { search: null })).toBeNull()
    expect(commandOf(key('?', { shiftKey: true }), { sheet: nothing })).toBe('sheet')
  })
})

describe('keys', () => {
  it('are those of the system', () => {
    expect(isPressed(key('k', { ctrlKey: true }), 'mod+k', false)).toBe(true)
    expect(isPressed(key('k', { metaKey: true }), 'mod+k', false)).toBe(false)
    expect(isPressed(key('k', { metaKey: true }), 'mod+k', true)).toBe(true)
    expect(isPressed(key('K', { ctrlKey: true, shiftKey: true }), 'mod+k', false)).toBe(false)
    expect(isPressed(key('K', { ctrlKey: true, shiftKey: true }), 'mod+shift+k', false)).toBe(true)
    expect(isPressed(key('?', { shiftKey: true }), '?', false), 'wherever the sign is').toBe(true)
    expect(isPressed(key('?'), '?', false)).toBe(true)
    expect(isPressed(key('л', { ctrlKey: true, code: 'KeyK' }), 'mod+k', false), 'in Cyrillic').toBe(true)
    expect(isPressed(key('k', { ctrlKey: true, altKey: true }), 'mod+k', false)).toBe(false)
  })

  it('are shown as they stand on the keyboard', () => {
    expect(keyCaps('mod+shift+k', false)).toEqual(['Ctrl', 'Shift', 'K'])
    expect(keyCaps('mod+shift+k', true)).toEqual(['⌘', '⇧', 'K'])
    expect(keyCaps('alt+ArrowUp', false)).toEqual(['Alt', '↑'])
  })
})
