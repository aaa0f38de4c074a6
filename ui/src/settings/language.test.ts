/** Which language is spoken, and how numbers and dates are written in it. */
import { afterEach, expect, test } from 'vitest'
import { m } from '../paraglide/messages'
import { languageOf, moment, number, region, speak } from './language'
import { settings } from './settings.svelte'

afterEach(() => settings.choose({ language: 'en' }))

test('the first language that the system wants and Sheaf speaks is taken, else English', () => {
  expect(languageOf('system', ['fr-FR', 'de-AT', 'en'])).toBe('de')
  expect(languageOf('system', ['AR-eg'])).toBe('ar')
  expect(languageOf('system', ['fr', 'ja'])).toBe('en')
  expect(languageOf('system', [])).toBe('en')
  expect(languageOf('ar', ['de']), 'what was chosen comes first').toBe('ar')
})

test('what is said changes with the choice, at once', () => {
  speak()
  settings.choose({ language: 'de' })
  expect(m.untitled()).toBe('Ohne Titel')
  expect([m.words_count({ count: 1 }), m.words_count({ count: 3 })]).toEqual(['1 Wort', '3 Wörter'])
  settings.choose({ language: 'ar' })
  const counted = [0, 1, 2, 3, 11, 100].map((count) => m.words_count({ count }))
  expect(new Set(counted).size, 'each of the six forms').toBe(6)
  settings.choose({ language: 'en' })
  expect(m.untitled()).toBe('Untitled')
})

test('numbers and dates follow the language, and the place where it is spoken', () => {
  speak()
  const noon = Date.UTC(2026, 10, 22, 12)
  settings.choose({ language: 'de' })
  expect(number(1234.5)).toBe('1.234,5')
  expect(moment(noon, { dateStyle: 'long', timeZone: 'UTC' })).toBe('22. November 2026')
  expect(region(['en-GB', 'de-CH']), 'as the Swiss write it').toBe('de-CH-u-nu-latn')
  settings.choose({ language: 'ar' })
  expect(number(1234), 'with the digits that the messages have').toMatch(/^1.?234$/u)
})
