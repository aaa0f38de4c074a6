/**
 * Losses that people reported of other editors, where what stands between a shared document and its view was at fault. Each
 * happened to somebody; here it does not happen.
 */
import { Node } from '@tiptap/core'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { closeAll, meet, open, type Person, type Spec, stored } from './testing'

afterEach(closeAll)

/** A kind of block that the other version does not have. */
const Hologram = Node.create({
  name: 'hologram',
  group: 'block',
  content: 'inline*',
  renderHTML: () => ['section', 0],
})

const words = ({ editor }: Person) => editor.view.dom.textContent ?? ''
const type = ({ editor }: Person, at: number, text: string) =>
  editor.chain().setTextSelection(at).insertContent({ type: 'text', text }).run()

/** Imke and Tomás have the same document. */
function together(...blocks: Spec[]): [Person, Person] {
  const begun = stored(...blocks)
  return [open(begun, 2), open(begun, 3)]
}

/** Everybody has seen everything, and has only written what they did. */
function settle(...people: Person[]): void {
  meet(...people)
  for (const { editor, unsolicited, content } of people) {
    editor.state.doc.check()
    expect(unsolicited, 'nobody wrote what they did not do').toEqual([])
    expect(content.toString(), 'and all have the same').toBe(people[0]?.content.toString())
  }
}

test('two versions in one document do not delete each other’s blocks (BlockNote 1564, y-prosemirror 39 and 275)', () => {
  const begun = stored(['paragraph', 'Tides'], ['hologram', 'light'], ['paragraph', 'Cards'])
  const [old, young] = [open(begun, 2), open(begun, 3, [Hologram])]
  type(old, 6, '!')
  type(young, 8, 'a ray of ')
  settle(old, young)
  type(young, 7, '?')
  type(old, 2, '-')
  settle(old, young)
  expect(old.content.toString()).toBe(
    '<paragraph>T-ides!?</paragraph><hologram>a ray of light</hologram><paragraph>Cards</paragraph>',
  )
  expect(words(old), 'the old one shows what it cannot edit').toContain('a ray of light')
})

test('a page is not wiped by whoever opens it with another version (docmost 2353)', () => {
  const begun = stored(['paragraph', 'Tides'], ['hologram', 'light'], ['bulletList'])
  const before = Y.encodeStateAsUpdate(begun)
  for (const more of [[], [Hologram]]) {
    const { doc, written, unsolicited } = open(begun, 4, more)
    expect([...written, ...unsolicited]).toEqual([])
    expect(Y.encodeStateAsUpdate(doc)).toEqual(before)
  }
})

test('two devices that open an empty document seed nothing twice (hocuspocus 344)', () => {
  const [imke, tomas] = together()
  settle(imke, tomas)
  expect(imke.content.length, 'nobody has written yet').toBe(0)
  type(imke, 1, 'Tides')
  settle(imke, tomas)
  type(tomas, 6, '!')
  settle(imke, tomas)
  expect(imke.content.toString()).toBe('<paragraph>Tides!</paragraph>')
})

test('what was written offline into a line is there after a colleague wrote over all of it (y-prosemirror 108)', () => {
  const [imke, tomas] = together(['paragraph', 'Tides'])
  type(imke, 6, ' at noon')
  tomas.editor.chain().selectAll().insertContent({ type: 'text', text: 'Cards' }).run()
  settle(imke, tomas)
  expect(words(imke)).toContain('Cards')
  expect(words(imke)).toContain(' at noon')
})

test('two deletions that are both allowed leave a list without items, and nothing else goes (y-prosemirror 258)', () => {
  const items: Spec[] = ['ropes', 'chains'].map((name) => ['listItem', ['paragraph', name]])
  const [imke, tomas] = together(['paragraph', 'Tides'], ['bulletList', ...items], ['paragraph', 'Cards'])
  imke.editor.commands.deleteRange({ from: 8, to: 17 })
  tomas.editor.commands.deleteRange({ from: 17, to: 27 })
  settle(imke, tomas)
  expect(imke.content.toString()).toBe(
    '<paragraph>Tides</paragraph><bulletlist></bulletlist><paragraph>Cards</paragraph>',
  )
  expect(words(imke)).toBe('TidesCards')
  expect(imke.editor.view.dom.querySelectorAll('li').length, 'there is a line to write on').toBe(1)
})

test('an item keeps its text when two people deleted a line of it each (y-prosemirror 258)', () => {
  const item: Spec = [
    'listItem',
    ['paragraph', 'one'],
    ['paragraph', 'two'],
    ['blockquote', ['paragraph', 'kept']],
  ]
  const [imke, tomas] = together(['bulletList', item])
  imke.editor.commands.deleteRange({ from: 2, to: 7 })
  tomas.editor.commands.deleteRange({ from: 7, to: 12 })
  settle(imke, tomas)
  expect(words(tomas)).toBe('kept')
  expect(imke.content.toString()).toContain('<blockquote><paragraph>kept</paragraph></blockquote>')
})

test('who comes back from sleep adds what they wrote, and overwrites nothing (outline 5770, tiptap 7556)', () => {
  const [imke, tomas] = together(['paragraph', 'High water at noon'], ['paragraph', 'Ropes'])
  type(imke, 19, ', low at six')
  imke.editor.chain().setTextSelection({ from: 1, to: 5 }).toggleBold().run()
  type(tomas, 5, 'er')
  tomas.editor.chain().setTextSelection(13).splitBlock().run()
  type(tomas, tomas.editor.state.doc.content.size - 1, ' and chains')
  settle(imke, tomas)
  for (const kept of [', low at six', 'er', ' at noon', 'Ropes and chains'])
    expect(words(imke)).toContain(kept)
})
