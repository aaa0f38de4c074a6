/** What moves as one, and where to. */
import { getSchema } from '@tiptap/core'
import { Node } from '@tiptap/pm/model'
import { expect, test } from 'vitest'
import { schemaExtensions } from '../extensions'
import { asPutAt, leaving, stepFrom, unitAround } from './unit'

const schema = getSchema(schemaExtensions())
const line = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] })
const item = (...content: object[]) => ({ type: 'listItem', content })
const doc = Node.fromJSON(schema, {
  type: 'doc',
  content: [
    line('first'),
    {
      type: 'bulletList',
      content: [
        item(line('milk'), { type: 'bulletList', content: [item(line('goat'))] }),
        item(line('bread')),
      ],
    },
    { type: 'callout', content: [line('mind'), line('the gap')] },
    {
      type: 'table',
      content: [{ type: 'tableRow', content: [{ type: 'tableCell', content: [line('cell')] }] }],
    },
    {
      type: 'toggle',
      content: [{ type: 'toggleTitle', content: [{ type: 'text', text: 'more' }] }, line('inside')],
    },
    { type: 'horizontalRule' },
  ],
})

/** The unit around the letters. */
function around(words: string) {
  let at = -1
  doc.descendants((node, position) => {
    if (node.text === words) at = position
  })
  const unit = unitAround(doc.resolve(at + 1))
  if (!unit) throw new Error(`nothing moves around ${words}`)
  return unit
}

test.each([
  ['first', 'paragraph', 'first'],
  ['goat', 'listItem', 'goat'],
  ['milk', 'listItem', 'milkgoat'],
  ['the gap', 'paragraph', 'the gap'],
  ['cell', 'table', 'cell'],
  ['more', 'toggle', 'moreinside'],
  ['inside', 'paragraph', 'inside'],
])('around “%s” a %s moves', (words, kind, text) => {
  const { node } = around(words)
  expect([node.type.name, node.textContent]).toEqual([kind, text])
})

test('a rule moves too', () => {
  const at = doc.content.size - 1
  expect(unitAround(doc.resolve(at))?.node.type.name).toBe('horizontalRule')
})

test('steps end at the ends of what holds it', () => {
  expect(stepFrom(doc, around('first'), 'up')).toBeNull()
  expect(stepFrom(doc, around('bread'), 'down'), 'an item stays in its list').toBeNull()
  expect(stepFrom(doc, around('inside'), 'up'), 'nothing stands above a title').toBeNull()
  const mind = around('mind')
  expect(stepFrom(doc, mind, 'down')).toBe(mind.at + mind.node.nodeSize + around('the gap').node.nodeSize)
})

test('an item that leaves its list takes a list of its own along, and nothing goes into itself', () => {
  expect(asPutAt(doc, around('bread'), 0)?.type.name).toBe('bulletList')
  expect(asPutAt(doc, around('first'), doc.content.size)?.type.name).toBe('paragraph')
  const milk = around('milk')
  expect(asPutAt(doc, milk, around('goat').at), 'into what is below it').toBeNull()
  expect(asPutAt(doc, around('first'), milk.at), 'a line is no item').toBeNull()
})

test('the last item takes its list with it', () => {
  const goat = around('goat')
  const [from, to] = leaving(doc, goat)
  expect([from, to]).toEqual([goat.at - 1, goat.at + goat.node.nodeSize + 1])
})
