/** A document runs as its first letter does. */
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { directionOf, firstWords } from './direction'

test('the first letter decides, and no sign or digit before it', () => {
  expect(directionOf('Fähre um 9')).toBe('ltr')
  expect(directionOf('12. العبّارة leaves at nine')).toBe('rtl')
  expect(directionOf('«שלום» (hello)')).toBe('rtl')
  expect(directionOf('渡し船')).toBe('ltr')
  expect(directionOf('… 42 🚢'), 'nothing of it runs anywhere').toBeNull()
})

test('of a document the words count, and not the names of its blocks', () => {
  const doc = new Y.Doc()
  const heading = new Y.XmlElement('heading')
  heading.setAttribute('level', '1')
  heading.insert(0, [new Y.XmlText('مرحبا')])
  doc.getXmlFragment('default').insert(0, [new Y.XmlElement('horizontalRule'), heading])
  expect(directionOf(firstWords(doc))).toBe('rtl')
})
