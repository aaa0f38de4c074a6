/**
 * Files on their way into the text: pasted, dropped or picked. Where one is to stand a line says how far it is; the block
 * comes once its bytes are on this device, so that nobody ever sees a file that nobody has.
 *
 * The line is this view's own and moves with the text; a colleague sees the block when it is there.
 */
import { Extension } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { Problem } from '../backend/backend'
import type { FileRow } from '../backend/bindings'
import { m } from '../paraglide/messages'
import { problemSentence } from '../problem/sentence'
import type { Files } from './files'
import { progressOf } from './words'

/** Pictures that can be shown in the text. */
export const PICTURES = 'image/png,image/jpeg,image/gif,image/webp'

/** As many files are taken at once. */
const AT_ONCE = 50

/** A line is put somewhere, or taken away. */
type Step = { at: number; line: HTMLElement } | { gone: HTMLElement }

const key = new PluginKey<DecorationSet>('files')

/** Returns the files behind an editor. */
export function filesIn(state: EditorState): Files | null {
  return (key.get(state)?.spec.files as Files | undefined) ?? null
}

/** Lets files into an editor. */
export function addingFiles(files: Files): Extension {
  return Extension.create({
    name: 'files',
    addProseMirrorPlugins: () => [plugin(files)],
  })
}

/** Lets a person pick files for where the caret is. */
export function pickFiles(view: EditorView, accept = ''): void {
  const field = document.createElement('input')
  field.type = 'file'
  field.multiple = true
  field.accept = accept
  field.hidden = true
  field.addEventListener('change', () => {
    field.remove()
    addFiles(view, [...(field.files ?? [])], view.state.selection.from)
  })
  field.addEventListener('cancel', () => field.remove())
  // What stands in no page may be collected while somebody looks through their folders.
  document.body.append(field)
  field.click()
}

/** Adds files behind the block at a position. */
export function addFiles(view: EditorView, added: File[], at: number): void {
  for (const file of added.slice(0, AT_ONCE)) void addFile(view, file, at)
}

/** Returns the files of what is pasted or dropped; none where there are words, of which files are only another form. */
export function filesOf(data: DataTransfer | null): File[] {
  const files = [...(data?.files ?? [])]
  if (files.length === 0 || !data) return []
  const page = new DOMParser().parseFromString(data.getData('text/html'), 'text/html')
  const hasWords = (page.body.textContent ?? '').trim() !== '' || page.querySelector('table') !== null
  return hasWords ? [] : files
}

function plugin(files: Files): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key,
    files,
    state: {
      init: () => DecorationSet.empty,
      apply: (transaction, lines) => follow(transaction, lines),
    },
    props: {
      decorations: (state) => key.getState(state),
      handlePaste: (view, event) => take(view, event, event.clipboardData, view.state.selection.from),
      handleDrop: (view, event) => {
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos
        return take(view, event, event.dataTransfer, at ?? view.state.doc.content.size)
      },
    },
  })
}

function take(view: EditorView, event: Event, data: DataTransfer | null, at: number): boolean {
  const files = filesOf(data)
  if (files.length === 0 || !view.editable) return false
  event.preventDefault()
  addFiles(view, files, at)
  return true
}

/** Moves the lines with the text. */
function follow(transaction: Transaction, lines: DecorationSet): DecorationSet {
  const moved = lines.map(transaction.mapping, transaction.doc)
  const step = transaction.getMeta(key) as Step | undefined
  if (!step) return moved
  if ('gone' in step) return moved.remove(lineOf(moved, step.gone))
  const line = Decoration.widget(step.at, step.line, { side: 1, line: step.line, ignoreSelection: true })
  return moved.add(transaction.doc, [line])
}

function lineOf(lines: DecorationSet, line: HTMLElement): Decoration[] {
  return lines.find(undefined, undefined, (spec) => spec.line === line)
}

async function addFile(view: EditorView, file: File, at: number): Promise<void> {
  const files = filesIn(view.state)
  if (!files) return
  const giving = new AbortController()
  const { line, say } = lineFor(file.name, () => {
    giving.abort()
    if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(key, { gone: line }))
  })
  view.dispatch(view.state.tr.setMeta(key, { at: behind(view.state, at), line }))
  try {
    const tell = (done: number) => say(progressOf({ done, size: file.size }))
    const row = await files.add(file, tell, giving.signal)
    if (!view.isDestroyed && !giving.signal.aborted) put(view, row, line)
  } catch (thrown) {
    if (!giving.signal.aborted) say(problemSentence(Problem.of(thrown)), true)
  }
}

/** Returns the end of the block at a position: a file is a block of its own. */
function behind(state: EditorState, at: number): number {
  const place = state.doc.resolve(Math.min(at, state.doc.content.size))
  return place.depth > 0 && place.parent.isTextblock ? place.after() : place.pos
}

/** Puts the block where the line is; an empty line of text before it makes way. */
function put(view: EditorView, row: FileRow, line: HTMLElement): void {
  const lines = key.getState(view.state) ?? DecorationSet.empty
  const at = lineOf(lines, line)[0]?.from
  const block = blockOf(view.state, row)
  if (at === undefined || !block) return
  const change = view.state.tr.setMeta(key, { gone: line })
  const before = change.doc.resolve(at).nodeBefore
  const isEmpty = before?.type.name === 'paragraph' && before.content.size === 0
  const from = isEmpty ? at - before.nodeSize : at
  change.replaceWith(from, at, block)
  const end = from + block.nodeSize
  const paragraph = view.state.schema.nodes.paragraph
  // Somebody goes on writing below it.
  if (paragraph && change.doc.resolve(end).nodeAfter === null) change.insert(end, paragraph.create())
  if (view.hasFocus()) change.setSelection(TextSelection.near(change.doc.resolve(end)))
  view.dispatch(change.scrollIntoView())
}

function blockOf(state: EditorState, row: FileRow): Node | null {
  const { figure, attachment } = state.schema.nodes
  const made = row.picture
    ? figure?.create({ file: row.hash })
    : attachment?.create({ file: row.hash, name: row.name })
  return made ?? null
}

/** Makes the line that says how far a file is. */
function lineFor(name: string, letGo: () => void) {
  const line = document.createElement('div')
  const words = document.createElement('span')
  const button = document.createElement('button')
  line.className = 'file-adding'
  line.contentEditable = 'false'
  line.setAttribute('role', 'status')
  words.textContent = m.file_adding({ name })
  button.type = 'button'
  button.className = 'button small'
  button.textContent = m.cancel()
  button.addEventListener('click', letGo)
  line.append(words, button)
  const say = (text: string, isEnd = false) => {
    line.classList.toggle('bad', isEnd)
    words.textContent = isEnd ? `${name}: ${text}` : [m.file_adding({ name }), text].filter(Boolean).join(' ')
    if (isEnd) button.textContent = m.dismiss()
  }
  return { line, say }
}
