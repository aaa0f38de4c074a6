/** What can be read of a document before its editor is there. */
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { glimpse } from './glimpse'

test('the first blocks are read with their marks, and nothing is written', () => {
  const doc = new Y.Doc()
  const blocks = doc.getXmlFragment('default')
  doc.transact(() => {
    for (const words of ['one', 'two', 'three']) {
      const text = new Y.XmlText(words)
      text.format(0, 1, { bold: {} })
      const block = new Y.XmlElement(words === 'one' ? 'heading' : 'paragraph')
      if (words === 'one') block.setAttribute('level', 2 as unknown as string)
      block.insert(0, [text])
      blocks.push([block])
    }
  })
  const before = Y.encodeStateAsUpdate(doc)
  expect(glimpse(blocks, 2), 'two of three blocks').toEqual([
    {
      kind: 'element',
      name: 'heading',
      attributes: { level: 2 },
      children: [
        { kind: 'text', text: 'o', marks: { bold: {} } },
        { kind: 'text', text: 'ne', marks: {} },
      ],
    },
    {
      kind: 'element',
      name: 'paragraph',
      attributes: {},
      children: [
        { kind: 'text', text: 't', marks: { bold: {} } },
        { kind: 'text', text: 'wo', marks: {} },
      ],
    },
  ])
  expect(Y.encodeStateAsUpdate(doc), 'reading changes nothing').toEqual(before)
})
