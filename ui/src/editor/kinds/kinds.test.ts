/** What is copied as HTML and pasted again is what it was. */
import { generateHTML, generateJSON, getSchema, type JSONContent } from '@tiptap/core'
import { expect, test } from 'vitest'
import { schemaExtensions } from '../extensions'
import { calloutKind } from './callout'
import { figureWidth } from './file'

const words = (text: string, ...marks: NonNullable<JSONContent['marks']>): JSONContent => ({
  type: 'text',
  text,
  ...(marks.length > 0 ? { marks } : {}),
})
const line = (...content: JSONContent[]): JSONContent => ({ type: 'paragraph', content })

const CASES: [what: string, block: JSONContent][] = [
  ['a callout', { type: 'callout', attrs: { kind: 'caution' }, content: [line(words('hot'))] }],
  [
    'a toggle',
    { type: 'toggle', content: [{ type: 'toggleTitle', content: [words('more')] }, line(words('inside'))] },
  ],
  ['a formula', { type: 'mathBlock', content: [words('\\frac{a}{b}\n+ c')] }],
  ['a source block', { type: 'source', attrs: { format: 'html' }, content: [words('<dl>')] }],
  ['a footnote', { type: 'footnote', attrs: { label: 'a' }, content: [line(words('by letter'))] }],
  ['its sign', line(words('so'), { type: 'footnoteReference', attrs: { label: 'a' } })],
  ['a document', line({ type: 'mention', attrs: { kind: 'document', id: '9c', label: 'Minutes' } })],
  ['a person', line({ type: 'mention', attrs: { kind: 'person', id: 'f3', label: 'Ada' } })],
  ['contents', { type: 'contents' }],
  [
    'a figure',
    { type: 'figure', attrs: { file: 'ab', alt: 'a boat', width: 320 }, content: [words('The ferry')] },
  ],
  ['an attachment', { type: 'attachment', attrs: { file: 'cd', name: 'Times.pdf' } }],
  [
    'marks',
    line(
      words('H'),
      words('2', { type: 'subscript' }),
      words('x', { type: 'superscript' }),
      words('e^x', { type: 'math' }),
      words('seen', { type: 'highlight', attrs: { color: null } }),
      words('green', { type: 'highlight', attrs: { color: 'green' } }),
    ),
  ],
]

test.each(CASES)('%s is copied and pasted', (_, block) => {
  const extensions = schemaExtensions()
  const whole = { type: 'doc', content: [block] }
  const html = generateHTML(whole, extensions)
  const there = getSchema(extensions)
  expect(there.nodeFromJSON(generateJSON(html, extensions)).toJSON(), html).toEqual(
    there.nodeFromJSON(whole).toJSON(),
  )
})

test('what a later version stores is shown as the nearest thing that this one knows', () => {
  expect(calloutKind('success'), 'a kind of callout').toBe('note')
  expect([figureWidth('640'), figureWidth(null), figureWidth('wide'), figureWidth(0)]).toEqual([
    640,
    null,
    null,
    null,
  ])
})
