/** Icons. */
import { expect, it } from 'vitest'
import { EMOJI, iconIn } from './emoji'

it('is the first character that somebody typed, as people count', () => {
  expect(iconIn(' 🚢 boats')).toBe('🚢')
  expect(iconIn('👩‍🚀👩‍🚀'), 'of several parts').toBe('👩‍🚀')
  expect(iconIn('🇳🇱')).toBe('🇳🇱')
  expect(iconIn('   ')).toBe('')
  expect(iconIn(`a${'\u0301'.repeat(100)}`), 'no record holds that').toBe('')
})

it('offers each one once', () => {
  expect(new Set(EMOJI).size).toBe(EMOJI.length)
})
