/** What is copied when a document cannot be shown or saved. */
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { linesBeyond, linesOf } from './words'

it('reads every block as a line, however deep, without its marks', () => {
  const doc = new Y.Doc()
  doc.getText('title').insert(0, 'Ferry')
  const item = new Y.XmlElement('listItem')
  const paragraph = new Y.XmlElement('paragraph')
  const text = new Y.XmlText('leaves at 18:40')
  text.format(0, 6, { bold: true })
  const [list, after] = [new Y.XmlElement('bulletList'), new Y.XmlElement('paragraph')]
  doc.getXmlFragment('default').insert(0, [list, after])
  list.insert(0, [item])
  item.insert(0, [paragraph])
  paragraph.insert(0, [text])
  after.insert(0, [new Y.XmlText('in fog too')])
  expect(linesOf(doc)).toEqual(['Ferry', 'leaves at 18:40', 'in fog too'])
})

it('tells what only one of two has', () => {
  expect(linesBeyond(['a', 'b', 'b', ' '], ['b', 'c'])).toEqual(['a', 'b'])
})
