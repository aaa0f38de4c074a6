// What Sheaf's own writers must give byte for byte: the updates that y-tiptap and Yjs make for the same content.
import { getSchema } from '@tiptap/core'
import { prosemirrorJSONToYXmlFragment } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { chance } from '../lib/chance.mjs'
import { openEditor, schemaExtensions } from '../lib/editor.mjs'
import { base64, tree } from '../lib/reading.mjs'
import { author, take } from '../lib/recorder.mjs'

const text = (letters, ...marks) => ({ type: 'text', text: letters, marks })
const paragraph = (...content) => ({ type: 'paragraph', content })
const link = { type: 'link', attrs: { href: 'https://example.org/a?b=1&c="2"', title: 'ünï' } }
const cell = (type, letters) => ({ type, content: [paragraph(text(letters))] })

const DOCUMENTS = {
  'one paragraph': [paragraph(text('Hello, 😀'))],
  'empty paragraphs': [{ type: 'paragraph' }, { type: 'paragraph' }],
  'every block': [
    { type: 'heading', attrs: { level: 2 }, content: [text('Heading')] },
    { type: 'heading', content: [text('Level by default')] },
    paragraph(text('line'), { type: 'hardBreak' }, text('next '), text('bold', { type: 'bold' })),
    { type: 'blockquote', content: [paragraph(text('quoted'))] },
    { type: 'codeBlock', attrs: { language: 'rust' }, content: [text('let x = 1;\n')] },
    { type: 'codeBlock', content: [text('no language')] },
    { type: 'horizontalRule' },
    {
      type: 'orderedList',
      attrs: { start: 200 },
      content: [
        {
          type: 'listItem',
          content: [
            paragraph(text('two hundred')),
            { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph()] }] },
          ],
        },
      ],
    },
    {
      type: 'taskList',
      content: [true, false].map((checked) => ({
        type: 'taskItem',
        attrs: { checked },
        content: [paragraph(text('task'))],
      })),
    },
    // Rows of equal width: prosemirror-tables repairs any other table as soon as it sees one.
    {
      type: 'table',
      content: ['tableHeader', 'tableCell'].map((type) => ({
        type: 'tableRow',
        content: [{ ...cell(type, 'c'), attrs: { colwidth: [120, 70000], colspan: 2 } }],
      })),
    },
    { type: 'image', attrs: { src: 'blob:1', alt: 'one', width: 1.5, height: 3000000000 } },
    { type: 'source', attrs: { format: 'html' }, content: [text('<b>kept</b>')] },
  ],
  'every mark': [
    paragraph(
      text('plain '),
      text('bold ', { type: 'bold' }),
      text('both ', { type: 'bold' }, { type: 'italic' }),
      text('all ', link, { type: 'bold' }, { type: 'italic' }, { type: 'strike' }, { type: 'underline' }),
      text('code', { type: 'code' }),
      text(' link', link),
      text(' end'),
    ),
  ],
}

async function appended() {
  const schema = getSchema(schemaExtensions)
  const made = []
  for (const [name, content] of Object.entries(DOCUMENTS)) {
    const page = author(7)
    page.doc.transact(() => prosemirrorJSONToYXmlFragment(schema, { type: 'doc', content }, page.body))
    made.push({ name, client: 7, before: [], tree: tree(page.body), update: base64(page.written[0]) })

    // The same again behind what another client wrote.
    const next = author(2 ** 40 + 5)
    take(next.doc, page.written)
    const editor = await openEditor(next.doc)
    const blocks = tree(next.body)
    editor.commands.insertContentAt(editor.state.doc.content.size, content)
    made.push({
      name: `${name}, again`,
      client: 2 ** 40 + 5,
      before: page.written.map(base64),
      tree: blocks,
      update: base64(next.written[0]),
    })
    editor.destroy()
  }
  return made
}

function typed() {
  const luck = chance(2026)
  const { doc, body, written } = author(9)
  doc.transact(() => {
    const block = new Y.XmlElement('codeBlock')
    block.insert(0, [new Y.XmlText()])
    body.insert(0, [block])
  })
  const field = body.get(0).get(0)
  const edits = []
  for (let step = 0; step < 400; step += 1) {
    const at = luck.below(field.length + 1)
    const gone = luck.once(3) ? Math.min(luck.below(6), field.length - at) : 0
    const letters = luck.once(4) ? '' : luck.pick(['a', 'b\n', 'long word', 'é', '漢字'])
    if (gone === 0 && letters === '') continue
    edits.push([at, gone, letters])
    doc.transact(() => {
      field.delete(at, gone)
      field.insert(at, letters)
    })
  }
  return { client: 9, edits, updates: written.map(base64), text: field.toString() }
}

export default async () => ({ appended: await appended(), typed: typed() })
