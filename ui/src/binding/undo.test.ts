/** Each person takes back what they did themselves, and is shown where that was. */
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { closeAll, fresh, meet, open, type Person, stored } from './testing'

afterEach(closeAll)

const words = ({ editor }: Person) => editor.getText({ blockSeparator: '|' })
const at = ({ editor }: Person, position: number, text: string) =>
  editor.chain().setTextSelection(position).insertContent({ type: 'text', text }).run()

test('only what one did oneself is taken back, and done again', () => {
  const begun = stored(['paragraph', 'Tides'], ['paragraph', 'Cards'])
  const [imke, tomas] = [open(begun, 2), open(begun, 3)]
  at(imke, 6, ' high')
  at(tomas, 13, ' low')
  meet(imke, tomas)
  imke.editor.commands.undo()
  expect(words(imke)).toBe('Tides|Cards low')
  imke.editor.commands.redo()
  expect(words(imke)).toBe('Tides high|Cards low')
  expect(imke.unsolicited).toEqual([])
})

test('the words that were selected before they were deleted are selected again', () => {
  const imke = open(stored(['paragraph', 'High water at noon']))
  imke.editor.commands.setTextSelection({ from: 6, to: 11 })
  imke.editor.commands.deleteSelection()
  at(imke, 1, 'At sea: ')
  imke.editor.commands.undo()
  imke.editor.commands.undo()
  const { from, to } = imke.editor.state.selection
  expect([words(imke), from, to]).toEqual(['High water at noon', 6, 11])
})

test('a heading that one made of a line goes back to being a line, with what others wrote into it', () => {
  const begun = stored(['paragraph', 'Tides'])
  const [imke, tomas] = [open(begun, 2), open(begun, 3)]
  imke.editor.commands.splitBlock()
  at(imke, 1, 'Cards')
  meet(imke, tomas)
  at(tomas, 3, 'Tomás')
  meet(imke, tomas)
  for (let step = 0; step < 3; step += 1) imke.editor.commands.undo()
  expect(words(imke), 'what Tomás wrote stays').toContain('Tomás')
  expect(imke.editor.getJSON()).toEqual(fresh(imke))
  meet(imke, tomas)
  expect(tomas.editor.getJSON()).toEqual(imke.editor.getJSON())
})

test('what others do is not taken for something to take back', () => {
  const begun = stored(['paragraph', 'Tides'])
  const [imke, tomas] = [open(begun, 2), open(begun, 3)]
  at(tomas, 6, ' low')
  meet(imke, tomas)
  expect(imke.editor.can().undo()).toBe(false)
  expect(imke.editor.commands.undo()).toBe(false)
  expect(words(imke)).toBe('Tides low')
})

test('a change that is not to be taken back is not', () => {
  const imke = open(stored(['paragraph', 'Tides']))
  imke.editor.view.dispatch(imke.editor.state.tr.insertText('!', 6).setMeta('addToHistory', false))
  expect(imke.editor.can().undo()).toBe(false)
  expect(Y.encodeStateVector(imke.doc).length, 'but it is written').toBeGreaterThan(1)
  expect(imke.content.toString()).toBe('<paragraph>Tides!</paragraph>')
})
