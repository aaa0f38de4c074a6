/** What this version does not know is shown, never touched, and goes only when a person deletes that very thing. */
import { afterEach, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import type { Shared } from './pieces'
import { closeAll, fresh, made, open, type Person, receive, type Spec, stored } from './testing'

afterEach(closeAll)

/** Opens a document and says what is stored, and whether anything was written. */
function begin(...blocks: Spec[]): Person & { xml(): string } {
  const person = open(stored(...blocks))
  return Object.assign(person, { xml: () => person.content.toString() })
}

/** Puts the caret behind the first occurrence of some words. */
function behind({ editor }: Person, words: string): void {
  let found = -1
  editor.state.doc.descendants((node, position) => {
    const at = node.text?.indexOf(words) ?? -1
    if (at >= 0 && found < 0) found = position + at + words.length
  })
  expect(found, `“${words}” is in the editor`).toBeGreaterThan(0)
  editor.commands.setTextSelection(found)
}

/** Returns everything that a shared type is stored as. */
function structsOf(type: Shared): unknown[] {
  const items = [...type._map.values()]
  for (let item = type._start; item; item = item.right) items.push(item)
  return items.map(({ id, length, deleted, content }) => [
    [id.client, id.clock, length, deleted],
    content instanceof Y.ContentType ? structsOf(content.type) : content.getContent(),
  ])
}

const type = ({ editor }: Person, words: string) =>
  editor.commands.insertContent({ type: 'text', text: words })

describe('a block of another version', () => {
  const hologram: Spec = ['hologram', { size: '3' }, ['paragraph', 'from the future'], ['ray', 'of light']]

  it('is shown with its words beside blocks that can be edited, and nothing is written', () => {
    const imke = begin(['paragraph', 'Tides'], hologram, ['paragraph', 'Cards'])
    expect(imke.written).toEqual([])
    expect(imke.editor.view.dom.textContent).toContain('from the future')
    expect(imke.editor.view.dom.querySelector('[data-name="hologram"]')?.textContent).toContain('of light')
    const before = imke.xml()
    behind(imke, 'Tides')
    type(imke, ' tables')
    expect(imke.xml(), 'only the paragraph changed').toBe(before.replace('Tides', 'Tides tables'))
  })

  it('keeps every struct that it is stored as, whatever Imke writes above and below it', () => {
    const imke = begin(['paragraph', 'Tides'], hologram, ['paragraph', 'Cards'])
    const block = imke.content.get(1) as Y.XmlElement
    const before = structsOf(block)
    behind(imke, 'Tides')
    type(imke, ' tables')
    imke.editor.commands.splitBlock()
    behind(imke, 'Cards')
    imke.editor.commands.setTextSelection(imke.editor.state.selection.from - 5)
    imke.editor.commands.splitBlock()
    expect(imke.content.toArray().indexOf(block), 'it stands where it stood, behind a new line').toBe(2)
    expect(structsOf(block)).toEqual(before)
    for (const update of imke.written) expect(Y.decodeUpdate(update).ds.clients.size, 'nothing went').toBe(0)
  })

  it('follows what its own version writes in it', () => {
    const imke = begin(['paragraph', 'Tides'], hologram)
    const tomas = open(Y.encodeStateAsUpdate(imke.doc), 8)
    const ray = (tomas.content.get(1) as Y.XmlElement).get(1) as Y.XmlElement
    ;(ray.get(0) as Y.XmlText).insert(0, 'a great deal ')
    receive(imke, Y.encodeStateAsUpdate(tomas.doc))
    expect(imke.editor.view.dom.textContent).toContain('a great deal of light')
    expect(imke.written).toEqual([])
  })

  it('goes when a person deletes it, and comes back with undo', () => {
    const imke = begin(['paragraph', 'Tides'], hologram)
    const before = imke.xml()
    imke.editor.chain().setNodeSelection(7).deleteSelection().run()
    expect(imke.xml()).not.toContain('hologram')
    imke.editor.commands.undo()
    expect(imke.xml()).toBe(before)
  })

  it('does not go when somebody who clicked on it types', () => {
    const { editor, written } = begin(['paragraph', 'Tides'], hologram)
    const { view } = editor
    editor.commands.setNodeSelection(7)
    const typed = view.someProp('handleTextInput', (handle) => handle(view, 7, 8, 'x', () => view.state.tr))
    expect(typed, 'the key is taken, and nothing done').toBe(true)
    expect(written).toEqual([])
    editor.commands.setTextSelection(6)
    expect(
      view.someProp('handleTextInput', (handle) => handle(view, 6, 6, 'x', () => view.state.tr)),
    ).toBeFalsy()
  })

  it('is the same in the place that a person drags it to', () => {
    const imke = begin(['paragraph', 'Tides'], hologram, ['paragraph', 'Cards'])
    const { state, view } = imke.editor
    const block = state.doc.child(1)
    view.dispatch(state.tr.delete(7, 7 + block.nodeSize).insert(0, block))
    const whole = '<hologram size="3"><paragraph>from the future</paragraph><ray>of light</ray></hologram>'
    expect(imke.xml()).toBe(`${whole}<paragraph>Tides</paragraph><paragraph>Cards</paragraph>`)
  })

  it('arrives while somebody types, and stays', () => {
    const imke = begin(['paragraph', 'Tides'])
    const tomas = new Y.Doc()
    Y.applyUpdate(tomas, Y.encodeStateAsUpdate(imke.doc))
    tomas.getXmlFragment('default').push([made(hologram)])
    behind(imke, 'Tides')
    type(imke, '!')
    receive(imke, Y.encodeStateAsUpdate(tomas))
    type(imke, '!')
    expect(imke.xml()).toContain('hologram')
    expect(imke.xml()).toContain('Tides!!')
    expect(imke.editor.getJSON()).toEqual(fresh(imke))
  })

  it('may be anywhere: in a list, a line, a table', () => {
    const imke = begin(
      ['bulletList', ['listItem', ['paragraph', 'ropes']], hologram],
      ['paragraph', 'before ', ['sparkle', { label: 'Ada' }], ' after'],
      ['table', ['tableRow', ['tableCell', ['paragraph', 'noon']], ['gauge', 'high']]],
      ['horizontalRule', ['paragraph', 'in a rule']],
    )
    const before = imke.xml()
    imke.editor.state.doc.check()
    for (const words of ['from the future', 'Ada', 'high', 'in a rule'])
      expect(imke.editor.view.dom.textContent, words).toContain(words)
    for (const words of ['ropes', 'before ', 'noon']) {
      behind(imke, words)
      type(imke, '+')
    }
    const plus = before.replace('ropes', 'ropes+').replace('before ', 'before +').replace('noon', 'noon+')
    expect(imke.xml(), 'three letters, and nothing else').toBe(plus)
  })
})

describe('marks and attributes of another version', () => {
  it('stay on the words when somebody types beside, inside, and splits the line', () => {
    const doc = stored(['paragraph', 'High water at noon'])
    const text = (doc.getXmlFragment('default').get(0) as Y.XmlElement).get(0) as Y.XmlText
    text.format(5, 5, { sparkle: { hue: 'blue' }, bold: {} })
    const imke = open(doc)
    behind(imke, 'High ')
    type(imke, 'er ')
    behind(imke, 'wa')
    type(imke, 'a')
    const marked = () =>
      imke.content.toArray().flatMap((block) =>
        ((block as Y.XmlElement).get(0) as Y.XmlText)
          .toDelta()
          .filter(({ attributes }: { attributes?: object }) => attributes && 'sparkle' in attributes)
          .map(({ insert }: { insert: string }) => insert),
      )
    expect(imke.editor.getText()).toBe('High er waater at noon')
    expect(marked()).toEqual(['waater'])
    behind(imke, 'waa')
    imke.editor.commands.splitBlock()
    expect(marked()).toEqual(['waa', 'ter'])
    expect(imke.editor.getJSON()).toEqual(fresh(imke))
  })

  it('stay on a block that somebody edits, and on one that somebody drags or wraps', () => {
    const imke = begin(['paragraph', { aura: 'green' }, 'Tides'], ['paragraph', 'Cards'])
    behind(imke, 'Tides')
    type(imke, '!')
    expect(imke.xml()).toContain('aura="green"')
    imke.editor.commands.toggleBulletList()
    expect(imke.xml()).toMatch(/listitem.*aura="green".*Tides!/iu)
  })

  it('are read also where a mark carries a hash', () => {
    const doc = stored(['paragraph', 'High water'])
    const text = (doc.getXmlFragment('default').get(0) as Y.XmlElement).get(0) as Y.XmlText
    text.format(0, 4, { 'bold--oW2h5mHL': {} })
    const imke = open(doc)
    expect(imke.editor.getHTML()).toContain('<strong>High</strong>')
    imke.editor.chain().setTextSelection({ from: 1, to: 5 }).toggleBold().run()
    expect(text.length).toBe(10)
    expect(imke.content.toString()).toBe('<paragraph>High water</paragraph>')
  })
})

describe('what two valid edits broke together', () => {
  const broken: Record<string, Spec> = {
    'an empty list': ['bulletList'],
    'an item without a line': ['bulletList', ['listItem']],
    'an item that begins with a list': [
      'bulletList',
      ['listItem', ['bulletList', ['listItem', ['paragraph', 'inner']]]],
    ],
    'a table without rows': ['table'],
    'a cell outside of its row': [
      'table',
      ['tableCell', ['paragraph', 'adrift']],
      ['tableCell', ['paragraph', 'too']],
    ],
    'an item outside of its list': ['blockquote', ['listItem', ['paragraph', 'adrift']]],
    'a paragraph in a list': ['bulletList', ['paragraph', 'adrift'], ['listItem', ['paragraph', 'at home']]],
    'words without a block': ['blockquote', 'adrift'],
    'a block in a line': ['paragraph', 'before', ['bulletList', ['listItem', ['paragraph', 'inside']]]],
    'a block in code': ['codeBlock', 'let a', ['paragraph', 'inside']],
    'an empty quotation': ['blockquote'],
  }
  for (const [name, spec] of Object.entries(broken))
    it(`${name} is shown as something valid, whole, and stays as it is stored`, () => {
      const imke = begin(['paragraph', 'Tides'], spec)
      imke.editor.state.doc.check()
      const before = imke.xml()
      for (const words of ['inner', 'adrift', 'too', 'inside', 'at home'])
        if (JSON.stringify(spec).includes(`"${words}"`))
          expect(imke.editor.view.dom.textContent, words).toContain(words)
      behind(imke, 'Tides')
      type(imke, '!')
      expect(imke.written.length, 'one letter').toBe(1)
      expect(imke.xml()).toBe(before.replace('Tides', 'Tides!'))
      expect(imke.editor.getJSON()).toEqual(fresh(imke))
    })

  it('is written whole when somebody edits that very thing', () => {
    const imke = begin(['paragraph', 'Tides'], ['bulletList', ['listItem']])
    imke.editor.commands.setTextSelection(imke.editor.state.doc.content.size - 3)
    type(imke, 'ropes')
    expect(imke.xml()).toBe(
      '<paragraph>Tides</paragraph><bulletlist><listitem><paragraph>ropes</paragraph></listitem></bulletlist>',
    )
    expect(imke.editor.getJSON()).toEqual(fresh(imke))
  })

  it('a word typed beside an inert block in a list leaves that where it is', () => {
    const imke = begin(['bulletList', ['hologram', 'light']], ['paragraph', 'Tides'])
    const hologram = (imke.content.get(0) as Y.XmlElement).get(0)
    let at = 0
    imke.editor.state.doc.descendants((node, position) => {
      if (node.type.name === 'unknownInline') at = position + 1
    })
    imke.editor.commands.setTextSelection(at)
    type(imke, 'ropes')
    expect((imke.content.get(0) as Y.XmlElement).get(0), 'the very same').toBe(hologram)
    expect(imke.xml()).toContain('<listitem><paragraph>ropes</paragraph></listitem>')
    expect(imke.editor.getJSON()).toEqual(fresh(imke))
  })

  it('marks that do not go together are stored both, and one is shown', () => {
    const doc = stored(['codeBlock', 'let a'])
    const text = (doc.getXmlFragment('default').get(0) as Y.XmlElement).get(0) as Y.XmlText
    text.format(0, 3, { bold: {} })
    const imke = open(doc)
    imke.editor.state.doc.check()
    behind(imke, 'let a')
    type(imke, ' = 1')
    expect(imke.content.toString()).toBe('<codeblock><bold>let</bold> a = 1</codeblock>')
  })
})

describe('an empty document', () => {
  it('is written with the first letter, and with the first line', () => {
    const imke = begin()
    expect(imke.written).toEqual([])
    type(imke, 'Tides')
    expect(imke.xml()).toBe('<paragraph>Tides</paragraph>')
    const tomas = begin()
    tomas.editor.commands.splitBlock()
    expect(tomas.xml()).toBe('<paragraph></paragraph><paragraph></paragraph>')
    expect(tomas.editor.state.doc.childCount).toBe(2)
  })
})
