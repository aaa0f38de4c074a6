/** What is found in a document, and where. */
import { getSchema } from '@tiptap/core'
import { Node } from '@tiptap/pm/model'
import { expect, test } from 'vitest'
import { schemaExtensions } from '../extensions'
import { firstFrom, Search } from './search'

const schema = getSchema(schemaExtensions())
const text = (words: string, ...marks: string[]) => ({
  type: 'text',
  text: words,
  marks: marks.map((type) => ({ type })),
})
const line = (...content: object[]) => ({ type: 'paragraph', content })
const doc = Node.fromJSON(schema, {
  type: 'doc',
  content: [
    line(text('The ferry, the '), text('Fer', 'bold'), text('ry.')),
    line(text('at '), { type: 'mention', attrs: { label: 'ferry' } }, text(' pier (a+b)')),
    { type: 'callout', content: [line(text('STRASSE und ferry'))] },
    { type: 'codeBlock', content: [text('let ferry = 1')] },
  ],
})
const found = (words: string, matchCase = false) =>
  new Search({ text: words, matchCase }).in(doc).map(({ from, to }) => doc.textBetween(from, to, '|', '@'))

test('words are found in every block, across marks, in either case', () => {
  expect(found('ferry')).toEqual(['ferry', 'Ferry', 'ferry', 'ferry'])
  expect(found('Ferry', true)).toEqual(['Ferry'])
})

test('signs stand for themselves, and what is no text breaks no count', () => {
  expect(found('(a+b)')).toEqual(['(a+b)'])
  expect(found('[')).toEqual([])
  expect(found('pier')).toEqual(['pier'])
  expect(found('')).toEqual([])
})

test('nothing is found across blocks', () => {
  expect(found('ry.at')).toEqual([])
})

test('a block that stayed is not searched again', () => {
  const search = new Search({ text: 'ferry', matchCase: false })
  const before = search.in(doc)
  const longer = doc.copy(doc.content.addToStart(schema.node('paragraph', null, [schema.text('ferry')])))
  expect(search.in(longer)).toHaveLength(before.length + 1)
})

test('the search goes on from where the caret is, and round', () => {
  const matches = [1, 5, 9].map((from) => ({ from, to: from + 2 }))
  expect([firstFrom(matches, 5), firstFrom(matches, 6), firstFrom(matches, 10), firstFrom([], 3)]).toEqual([
    1, 2, 0, 0,
  ])
})
