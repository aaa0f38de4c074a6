/** Which words of code are coloured. */
import { getSchema } from '@tiptap/core'
import { common, createLowlight } from 'lowlight'
import { expect, test } from 'vitest'
import { schemaExtensions } from '../extensions'
import { stretches } from './colours'
import { LANGUAGES } from './languages'

const schema = getSchema(schemaExtensions())
const library = createLowlight(common)
const code = (language: string, text: string) => schema.node('codeBlock', { language }, schema.text(text))

test('words are coloured where they stand', () => {
  const text = 'fn main() { let a = "é😀"; } // done'
  const found = stretches(library, code('rust', text)).map(({ from, to, kind }) => [
    text.slice(from, to),
    kind,
  ])
  expect(found).toContainEqual(['fn', 'hljs-keyword'])
  expect(found).toContainEqual(['"é😀"', 'hljs-string'])
  expect(found).toContainEqual(['// done', 'hljs-comment'])
})

test('a language that nobody knows has no colours', () => {
  expect(stretches(library, code('klingon', 'qapla'))).toEqual([])
})

test('every language that can be chosen has colours, but for diagrams', () => {
  expect(LANGUAGES.map(([stored]) => stored).filter((stored) => !library.registered(stored))).toEqual([
    'mermaid',
  ])
})
