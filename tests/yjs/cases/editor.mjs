// What the editor itself writes: every block and mark by real Tiptap commands through y-tiptap.
import { Mark } from '@tiptap/core'
import { ySyncPluginKey } from '@tiptap/y-tiptap'
import * as Y from 'yjs'
import { openEditor, schemaExtensions, settled } from '../lib/editor.mjs'
import { author, take, vector } from '../lib/recorder.mjs'

async function written(name, why, clientID, write, { gc = true, extensions } = {}) {
  const page = author(clientID, { gc })
  const editor = await openEditor(page.doc, extensions)
  await write(editor, page)
  await settled()
  editor.destroy()
  return vector(name, why, page.written, { gc })
}

function type(editor, text) {
  for (const letter of text) editor.commands.insertContent({ type: 'text', text: letter })
}

function blocks(editor) {
  editor.commands.setHeading({ level: 1 })
  type(editor, 'Minutes')
  editor.commands.splitBlock()
  type(editor, 'First line')
  editor.commands.setHardBreak()
  type(editor, 'second line')
  for (const level of [2, 3, 4, 5, 6])
    editor.commands.insertContentAt(editor.state.doc.content.size, {
      type: 'heading',
      attrs: { level },
      content: [{ type: 'text', text: `Level ${level}` }],
    })
  editor.commands.insertContentAt(editor.state.doc.content.size, [
    {
      type: 'bulletList',
      content: [item('listItem', 'Bread', { nested: 'bulletList', text: 'rye' }), item('listItem', 'Milk')],
    },
    {
      type: 'orderedList',
      attrs: { start: 3 },
      content: [item('listItem', 'third'), item('listItem', 'fourth')],
    },
    { type: 'taskList', content: [task('call Imke', true), task('write to Tomás', false)] },
    { type: 'blockquote', content: [paragraph('Quoted'), paragraph('twice')] },
    {
      type: 'codeBlock',
      attrs: { language: 'rust' },
      content: [{ type: 'text', text: 'fn main() {\n    println!("é");\n}' }],
    },
    { type: 'horizontalRule' },
    { type: 'image', attrs: { src: 'blob:3f', alt: 'A sheaf', title: null } },
    {
      type: 'source',
      attrs: { format: 'html' },
      content: [{ type: 'text', text: '<dl>\n<dt>kept</dt>\n</dl>' }],
    },
    { type: 'paragraph' },
  ])
}

/** The blocks, marks and inline nodes that are Sheaf's own. */
function ours(editor) {
  editor.commands.insertContent([
    {
      type: 'callout',
      attrs: { kind: 'warning' },
      content: [paragraph('Mind the gap'), paragraph('and the step')],
    },
    { type: 'callout', content: [paragraph('Only a note')] },
    {
      type: 'toggle',
      content: [
        { type: 'toggleTitle', content: [{ type: 'text', text: 'More' }] },
        paragraph('hidden at first'),
      ],
    },
    { type: 'toggle', content: [{ type: 'toggleTitle' }] },
    { type: 'mathBlock', content: [{ type: 'text', text: '\\int_0^1 x^2\\,dx' }] },
    {
      type: 'paragraph',
      content: [
        { type: 'mention', attrs: { kind: 'person', id: 'f3a1', label: 'Tomás' } },
        { type: 'text', text: ' wrote' },
        { type: 'footnoteReference', attrs: { label: '1' } },
        { type: 'text', text: ' in ' },
        { type: 'mention', attrs: { id: '9c0e', label: 'Minutes' } },
      ],
    },
    { type: 'footnote', attrs: { label: '1' }, content: [paragraph('By letter.')] },
    { type: 'contents' },
    {
      type: 'figure',
      attrs: { file: 'ab12', alt: 'A boat', width: 480 },
      content: [{ type: 'text', text: 'The ferry' }],
    },
    { type: 'attachment', attrs: { file: 'cd34', name: 'Timetable.pdf' } },
    paragraph('Water is H2O, area is m2, and E = mc^2 matters'),
  ])
  const from = editor.state.doc.content.size - 'Water is H2O, area is m2, and E = mc^2 matters'.length - 1
  const over = (start, end, mark, attributes) =>
    editor
      .chain()
      .setTextSelection({ from: from + start, to: from + end })
      .setMark(mark, attributes)
      .run()
  over(10, 11, 'subscript')
  over(22, 23, 'superscript')
  over(29, 37, 'math')
  over(0, 20, 'highlight')
  over(38, 45, 'highlight', { color: 'green' })
}

const paragraph = (text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })
const item = (kind, text, below) => ({
  type: kind,
  content: [paragraph(text), ...(below ? [{ type: below.nested, content: [item(kind, below.text)] }] : [])],
})
const task = (text, checked) => ({ type: 'taskItem', attrs: { checked }, content: [paragraph(text)] })

function marks(editor) {
  editor.commands.insertContent('The quick brown fox jumps over the lazy dog')
  const over = (from, to, command, ...args) =>
    editor
      .chain()
      .setTextSelection({ from, to })
      [command](...args)
      .run()
  over(5, 16, 'toggleBold')
  over(11, 26, 'toggleItalic')
  over(21, 31, 'toggleStrike')
  over(27, 36, 'toggleUnderline')
  over(1, 10, 'setLink', { href: 'https://example.org/fox?a=1&b=2' })
  over(37, 41, 'toggleCode')
  over(5, 11, 'unsetBold')
  over(6, 8, 'setLink', { href: 'https://example.org/other' })
  editor.chain().setTextSelection(14).insertContent('+typed inside bold').run()
  editor.chain().setTextSelection({ from: 30, to: 34 }).deleteSelection().run()
  editor.chain().setTextSelection(12).splitBlock().run()
}

function tables(editor) {
  editor.commands.insertTable({ rows: 3, cols: 3, withHeaderRow: true })
  for (const cell of ['Name', 'Where', 'When', 'Ada', 'Lyon']) {
    type(editor, cell)
    editor.commands.goToNextCell()
  }
  editor.commands.addColumnAfter()
  editor.commands.addRowBefore()
  editor.commands.setCellAttribute('colwidth', [120])
  editor.commands.setCellAttribute('align', 'right')
  editor.commands.toggleHeaderColumn()
  for (let cell = 0; cell < 5; cell += 1) editor.commands.goToNextCell()
  editor.commands.deleteRow()
  editor.commands.deleteColumn()
}

/** Marks of one kind that may overlap: y-tiptap stores each under `name--hash of the mark`. */
const Remark = Mark.create({
  name: 'remark',
  excludes: '',
  addAttributes: () => ({ thread: { default: null } }),
  renderHTML: () => ['span', 0],
})

function overlapping(editor) {
  editor.commands.insertContent('Commented twice here')
  editor.chain().setTextSelection({ from: 1, to: 16 }).setMark('remark', { thread: 'a' }).run()
  editor.chain().setTextSelection({ from: 11, to: 21 }).setMark('remark', { thread: 'b' }).run()
  editor.chain().setTextSelection({ from: 5, to: 12 }).toggleBold().run()
}

function undoing(editor, page) {
  type(editor, 'keep ')
  // Tiptap's own undo groups by a clock; this one takes every step alone, so that the vector is the same each time.
  const manager = new Y.UndoManager(page.body, {
    captureTimeout: 0,
    trackedOrigins: new Set([ySyncPluginKey]),
  })
  editor.commands.insertContent('gone ')
  editor.chain().selectAll().toggleBold().run()
  editor.commands.insertContentAt(editor.state.doc.content.size, {
    type: 'heading',
    attrs: { level: 2 },
    content: [{ type: 'text', text: 'Later' }],
  })
  if (manager.undoStack.length < 3) throw new Error('the undo manager does not see what the binding writes')
  for (const step of ['undo', 'undo', 'redo', 'undo', 'undo', 'redo', 'redo', 'undo']) manager[step]()
  manager.destroy()
}

async function together() {
  const names = [author(11), author(12)]
  const [imke, tomas] = names
  const log = []
  const seen = [0, 0]
  const sync = async () => {
    for (const page of names) log.push(...page.written.splice(0))
    names.forEach((page, at) => {
      take(page.doc, log.slice(seen[at]))
      seen[at] = log.length
    })
    await settled()
    for (const page of names)
      if (page.written.length > 0) throw new Error('the binding wrote while it only listened')
  }
  const left = await openEditor(imke.doc)
  const right = await openEditor(tomas.doc)
  type(left, 'Shared plan')
  await sync()
  left.chain().setTextSelection({ from: 1, to: 7 }).toggleBold().run()
  right.chain().setTextSelection({ from: 4, to: 12 }).toggleItalic().run()
  await sync()
  left.commands.insertContentAt(left.state.doc.content.size, [
    paragraph('From Imke'),
    { type: 'blockquote', content: [paragraph('a quote')] },
  ])
  right.chain().setTextSelection(12).splitBlock().insertContent('From Tomás 👩‍👩‍👧').run()
  await sync()
  left.chain().setTextSelection({ from: 3, to: 9 }).deleteSelection().run()
  right.chain().setTextSelection(5).insertContent('ZZ').run()
  await sync()
  left.destroy()
  right.destroy()
  return vector(
    'two editors',
    'Two Tiptap editors write in turns and at once; causal order is the order of the log.',
    log,
  )
}

export default async () => [
  await written('blocks', 'Every block the editor has, typed or inserted.', 1, blocks),
  await written('marks', 'Marks set, overlapped, partly removed, typed into, split across blocks.', 2, marks),
  await written(
    'tables',
    'A table with header row, widths, alignment, rows and columns added and removed.',
    3,
    tables,
  ),
  await written(
    'our own kinds',
    'What Sheaf adds to the schema of Tiptap: blocks, inline nodes and marks.',
    7,
    ours,
  ),
  await written(
    'overlapping marks',
    'A mark that may overlap itself is stored as name--hash.',
    4,
    overlapping,
    { extensions: [...schemaExtensions, Remark] },
  ),
  await written('undo in the editor', 'Undo and redo of typing, marks and blocks.', 5, undoing),
  await written('undo without collection', 'The same in a document that collects nothing.', 6, undoing, {
    gc: false,
  }),
  await together(),
]
