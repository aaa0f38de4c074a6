/** Stories of the guard: what nobody did is never stored, a person's changes always are. */
import { Editor } from '@tiptap/core'
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { BindingGuard, FROM_REPLICA } from './binding-guard'
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
    extensions: editorExtensions(doc, new Carets(() => {}), ''),
  })
  editors.push(editor)
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

describe('the guard', () => {
  it('stores nothing when a document that the editor knows is merely opened', () => {
    const { written, guard, editor } = open(
      Y.encodeStateAsUpdate(stored(['paragraph', 'Tides'], ['paragraph', 'Cards'])),
    )
    expect(editor.getText()).toContain('Tides')
    expect(written.length + guard.unsolicited, 'opening writes nothing').toBe(0)
  })

  it('stores what Tomás types', () => {
    const { editor, written, guard } = open(Y.encodeStateAsUpdate(stored(['paragraph', 'Tides'])))
    editor.commands.insertContentAt(1, 'High ')
    expect(written.length).toBe(1)
    expect(guard.unsolicited).toBe(0)
  })

  it('stores nothing when a document with a block of another version is opened, nor when such a block arrives', () => {
    const origin = stored(['paragraph', 'Tides'], ['hologram', 'from the future'])
    const { doc, written, guard, editor } = open(Y.encodeStateAsUpdate(origin))
    const hologram = new Y.XmlElement('hologram')
    hologram.insert(0, [new Y.XmlText('from farther away')])
    origin.getXmlFragment('default').push([hologram])
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(origin), FROM_REPLICA)
    expect(editor.view.dom.textContent).toContain('from farther away')
    expect(written.length + guard.unsolicited).toBe(0)
  })

  it('does not store what nobody did, and counts it', () => {
    const { doc, written, guard } = open(Y.encodeStateAsUpdate(stored(['paragraph', 'Tides'])))
    doc.getXmlFragment('default').delete(0, 1)
    expect(written).toEqual([])
    expect(guard.unsolicited).toBe(1)
  })

  it('does not doubt the view when Yjs sweeps marks after two people made the same words bold', () => {
    const origin = stored(['paragraph', 'Tides and cards'])
    const { editor, doc, guard } = open(Y.encodeStateAsUpdate(origin))
    const tomas = new Y.Doc()
    Y.applyUpdate(tomas, Y.encodeStateAsUpdate(doc))
    const words = (tomas.getXmlFragment('default').get(0) as Y.XmlElement).get(0) as Y.XmlText
    words.format(0, 9, { bold: {} })
    words.format(4, 11, { bold: null })
    editor.chain().setTextSelection({ from: 1, to: 12 }).setBold().run()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(tomas), FROM_REPLICA)
    expect(guard.unsolicited, 'sweeping is not a change to a word').toBe(0)
    expect(editor.getText()).toBe('Tides and cards')
  })

  it('stores an undo, which comes without a dispatch', () => {
    const { editor, written } = open(Y.encodeStateAsUpdate(stored(['paragraph', 'Tides'])))
    editor.commands.insertContentAt(1, 'High ')
    editor.commands.undo()
    expect(editor.getText()).toBe('Tides')
    expect(written.length, 'the typing, and its undoing').toBe(2)
  })
})
