/** The quick binding and the stock one, side by side: whatever is done in both editors, both write the same text. */
import { Editor } from '@tiptap/core'
import { type ProsemirrorBinding, ySyncPluginKey, yUndoPluginKey } from '@tiptap/y-tiptap'
import { afterEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { Carets } from './carets'
import { editorExtensions } from './extensions'
import { hasten } from './quick-binding'

/** Put a seed that failed here to play it again. */
const SEED = Math.floor(Math.random() * 1e9)
const STEPS = 60

const editors: Editor[] = []
afterEach(() => {
  for (const editor of editors.splice(0)) editor.destroy()
})

function open(update: Uint8Array, isQuick: boolean) {
  const doc = new Y.Doc()
  doc.clientID = 7
  Y.applyUpdate(doc, update)
  const editor = new Editor({
    element: document.createElement('div'),
    injectCSS: false,
    extensions: editorExtensions(doc, new Carets(doc, () => {}), ''),
  })
  editors.push(editor)
  const { binding } = ySyncPluginKey.getState(editor.state) as { binding: ProsemirrorBinding }
  // What is undone at once must not depend on how fast this machine is.
  const { undoManager } = yUndoPluginKey.getState(editor.state) as { undoManager: Y.UndoManager }
  undoManager.captureTimeout = 0
  if (isQuick) hasten(editor.view)
  else Object.assign(binding.mapping, { clear: Map.prototype.clear })
  return { doc, editor }
}

function text(lines: number): Uint8Array {
  const doc = new Y.Doc()
  const blocks = Array.from({ length: lines }, (_, line) => {
    const block = new Y.XmlElement('paragraph')
    block.insert(0, [new Y.XmlText(`line ${line}`)])
    return block
  })
  doc.getXmlFragment('default').insert(0, blocks)
  return Y.encodeStateAsUpdate(doc)
}

/** Returns numbers below a bound, the same ones for the same seed. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Does something that a person may do; the same in every editor for the same numbers. */
function act({ commands, state }: Editor, draw: (below: number) => number): void {
  const somewhere = () => 1 + draw(Math.max(1, state.doc.content.size - 2))
  const [one, other, what] = [somewhere(), somewhere(), draw(9)]
  commands.setTextSelection(
    what < 4 ? one : { from: Math.min(one, other), to: Math.min(Math.max(one, other), one + 12) },
  )
  const deeds = [
    () => commands.insertContent('x'),
    () => commands.insertContent('words and words'),
    () => commands.splitBlock(),
    () => commands.joinBackward(),
    () => commands.deleteSelection(),
    () => commands.toggleBold(),
    () => commands.toggleHeading({ level: 2 }),
    () => commands.toggleBulletList(),
    () => commands.undo(),
  ]
  deeds[what]?.()
}

/** Does something in both; says whether it failed in both, and in the same way. */
function fails(deeds: (() => void)[]): boolean {
  const [ours, theirs] = deeds.map((deed) => {
    try {
      deed()
      return null
    } catch (thrown) {
      return String(thrown)
    }
  })
  // The stock binding does not find every selection again (SEED=888563777). Then the window says that its view failed and
  // makes it anew, so the story of these two editors ends there.
  expect(ours, 'where the stock binding fails, the quick one does, and nowhere else').toBe(theirs)
  return ours !== null
}

test(`both write the same (SEED=${SEED})`, () => {
  const begun = text(20)
  const [quick, stock, colleague] = [open(begun, true), open(begun, false), new Y.Doc()]
  Y.applyUpdate(colleague, begun)
  const draws = [dice(SEED), dice(SEED)] as const
  const chance = dice(SEED + 1)
  for (let step = 0; step < STEPS; step += 1) {
    const deeds = [() => act(quick.editor, draws[0]), () => act(stock.editor, draws[1])]
    if (fails(deeds)) return
    if (chance(4) === 0) {
      const before = Y.encodeStateVector(colleague)
      const content = colleague.getXmlFragment('default')
      if (chance(2) === 0) content.insert(chance(content.length + 1), [new Y.XmlElement('paragraph')])
      else if (content.length > 4) content.delete(chance(content.length), 1)
      const update = Y.encodeStateAsUpdate(colleague, before)
      if (
        fails(
          [quick, stock].map(
            ({ doc }) =>
              () =>
                Y.applyUpdate(doc, update),
          ),
        )
      )
        return
    }
    expect(quick.editor.getJSON(), `the same is shown after step ${step}`).toEqual(stock.editor.getJSON())
    const [ours, theirs] = [quick, stock].map(({ doc }) => doc.getXmlFragment('default').toString())
    expect(ours, `the same is written after step ${step}`).toBe(theirs)
  }
}, 60_000)

test('what Tomás writes in one block leaves every other block the object that it was', () => {
  const begun = text(50)
  const { doc, editor } = open(begun, true)
  const before = editor.state.doc
  const tomas = new Y.Doc()
  Y.applyUpdate(tomas, begun)
  const block = tomas.getXmlFragment('default').get(20) as Y.XmlElement
  ;(block.get(0) as Y.XmlText).insert(0, 'Tomás: ')
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(tomas))
  const after = editor.state.doc
  expect(after.child(20).textContent).toBe('Tomás: line 20')
  const changed = Array.from({ length: 50 }, (_, at) => at).filter(
    (at) => before.child(at) !== after.child(at),
  )
  expect(changed, 'only one block was made anew').toEqual([20])
})

test('a caret that moves makes nothing compared, and a letter one block', () => {
  const { editor } = open(text(50), true)
  const { binding } = ySyncPluginKey.getState(editor.state) as {
    binding: { mapping: Map<unknown, unknown> }
  }
  let written = 0
  const set = binding.mapping.set.bind(binding.mapping)
  binding.mapping.set = (key, value) => {
    written += 1
    return set(key, value)
  }
  editor.commands.setTextSelection(3)
  expect(written, 'nothing changed').toBe(0)
  editor.commands.insertContent('x')
  expect(written, 'the document, the block and its text').toBeLessThanOrEqual(4)
})
