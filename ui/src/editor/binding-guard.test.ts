/** Stories of the guard: the binding's own repairs are never stored, a person's changes always are. */
import { Editor } from '@tiptap/core'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { BindingGuard, FROM_REPLICA, isByPerson } from './binding-guard'
import { Carets } from './carets'
import { editorExtensions } from './extensions'

const editors: Editor[] = []
afterEach(() => {
  for (const editor of editors.splice(0)) editor.destroy()
})

/** Opens an editor on a document, as the window does. */
function open(update: Uint8Array) {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, update, FROM_REPLICA)
  const written: Uint8Array[] = []
  const guard = new BindingGuard(doc, { written: (bytes) => written.push(bytes), unsolicited: () => {} })
  const editor = new Editor({
    element: document.createElement('div'),
    injectCSS: false,
    extensions: editorExtensions(doc, new Carets(doc, () => {}), ''),
  })
  editors.push(editor)
  const dispatch = editor.view.props.dispatchTransaction
  editor.view.setProps({
    dispatchTransaction: (transaction) => {
      const pass = () => dispatch?.call(editor.view, transaction)
      if (isByPerson(transaction)) guard.byPerson(pass)
      else pass()
    },
  })
  return { doc, guard, editor, written }
}

/** Makes a stored document out of elements and their text. */
function stored(...blocks: [name: string, text: string][]): Y.Doc {
  const doc = new Y.Doc()
  const content = doc.getXmlFragment('default')
  for (const [name, text] of blocks) {
    const element = new Y.XmlElement(name)
    element.insert(0, [new Y.XmlText(text)])
    content.push([element])
  }
  return doc
}

/** Waits for the binding's first drawing, which it puts off to a later turn. */
const drawn = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('the guard', () => {
  it('stores nothing when a document that the editor knows is merely opened', async () => {
    const { written, guard, editor } = open(
      Y.encodeStateAsUpdate(stored(['paragraph', 'Tides'], ['paragraph', 'Cards'])),
    )
    await drawn()
    expect(editor.getText()).toContain('Tides')
    expect(written.length + guard.unsolicited, 'opening writes nothing').toBe(0)
  })

  it('stores what Tomás types', async () => {
    const { editor, written, guard } = open(Y.encodeStateAsUpdate(stored(['paragraph', 'Tides'])))
    await drawn()
    editor.commands.insertContentAt(1, 'High ')
    expect(written.length).toBe(1)
    expect(guard.unsolicited).toBe(0)
  })

  it('does not store the deletion of a block that the binding does not know', async () => {
    const before = stored(['paragraph', 'Tides'], ['hologram', 'from the future'])
    const { written, guard } = open(Y.encodeStateAsUpdate(before))
    await drawn()
    expect(written, 'the binding deleted the block in its own copy only').toEqual([])
    expect(guard.unsolicited, 'and it was counted').toBeGreaterThan(0)
  })

  it('does not store it either when the block arrives while the document is open', async () => {
    const origin = stored(['paragraph', 'Tides'])
    const { doc, written, guard } = open(Y.encodeStateAsUpdate(origin))
    await drawn()
    const hologram = new Y.XmlElement('hologram')
    hologram.insert(0, [new Y.XmlText('from the future')])
    origin.getXmlFragment('default').push([hologram])
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(origin), FROM_REPLICA)
    expect(written).toEqual([])
    expect(guard.unsolicited).toBeGreaterThan(0)
  })

  it('does not doubt the view when Yjs sweeps marks after two people made the same words bold', async () => {
    const origin = stored(['paragraph', 'Tides and cards'])
    const { editor, doc, guard } = open(Y.encodeStateAsUpdate(origin))
    await drawn()
    const tomas = new Y.Doc()
    Y.applyUpdate(tomas, Y.encodeStateAsUpdate(doc))
    const words = (tomas.getXmlFragment('default').get(0) as Y.XmlElement).get(0) as Y.XmlText
    words.format(0, 9, { bold: {} })
    words.format(4, 11, { bold: null })
    editor.chain().setTextSelection({ from: 1, to: 12 }).setBold().run()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(tomas), FROM_REPLICA)
    await drawn()
    expect(guard.unsolicited, 'sweeping is not a change to a word').toBe(0)
    expect(editor.getText()).toBe('Tides and cards')
  })

  it('stores an undo, which comes without a dispatch', async () => {
    const { editor, written } = open(Y.encodeStateAsUpdate(stored(['paragraph', 'Tides'])))
    await drawn()
    editor.commands.insertContentAt(1, 'High ')
    editor.commands.undo()
    expect(editor.getText()).toBe('Tides')
    expect(written.length, 'the typing, and its undoing').toBe(2)
  })
})
