/** Every language says everything, of the same things, in every plural form that it has. */
import { describe, expect, test } from 'vitest'
import ar from '../../messages/ar.json'
import de from '../../messages/de.json'
import en from '../../messages/en.json'
import { locales } from '../paraglide/runtime'
import { NAMES } from './language'

interface Variants {
  declarations: string[]
  selectors: string[]
  match: Record<string, string>
}
type Catalogue = Record<string, string | Variants[]>

const CATALOGUES: Record<string, Catalogue> = { en, de, ar }

/** The sentences of a message, each with what selects it. */
const sentences = (message: string | Variants[]): [string, string][] =>
  typeof message === 'string' ? [['', message]] : message.flatMap(({ match }) => Object.entries(match))

/** What a message is told. */
const inputs = (message: string | Variants[]): string[] => {
  const used = sentences(message).flatMap(([, text]) =>
    [...text.matchAll(/\{(\w+)\}/gu)].map(([, name]) => name),
  )
  const declared =
    typeof message === 'string'
      ? []
      : message.flatMap(({ declarations }) =>
          declarations.flatMap((line) => /^input (\w+)$/u.exec(line)?.[1] ?? []),
        )
  return [...new Set([...used, ...declared])].filter((name) => name !== undefined).sort()
}

test('the languages that can be chosen are those that there are catalogues of', () => {
  expect(Object.keys(CATALOGUES).sort()).toEqual([...locales].sort())
  expect(Object.keys(NAMES).sort()).toEqual([...locales].sort())
})

describe.each(Object.entries(CATALOGUES))('%s', (language, catalogue) => {
  test('says everything that English says, and nothing else', () => {
    const missing = Object.keys(en).filter((key) => !(key in catalogue))
    const surplus = Object.keys(catalogue).filter((key) => !(key in en))
    expect({ missing, surplus }).toEqual({ missing: [], surplus: [] })
  })

  test('names the same things in each message', () => {
    for (const [key, message] of Object.entries(catalogue)) {
      expect(inputs(message), key).toEqual(inputs((en as Catalogue)[key] ?? ''))
      for (const [, text] of sentences(message)) expect(text.trim(), key).not.toBe('')
    }
  })

  test('has a sentence for every number', () => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    for (const [key, message] of Object.entries(catalogue)) {
      if (typeof message === 'string') continue
      const selected = sentences(message).map(([selector]) => selector)
      for (const form of forms) {
        const isSaid = selected.some((selector) => selector.includes(`countPlural=${form}`))
        const isNone = form === 'zero' && selected.some((selector) => selector.includes('count=0'))
        expect(isSaid || isNone, `${key}, ${form}`).toBe(true)
      }
    }
  })
})
