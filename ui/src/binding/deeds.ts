/** What a person may do in an editor, drawn by dice: every kind of edit, in whatever the schema has. */
import type { Editor } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { NodeSelection, TextSelection } from '@tiptap/pm/state'

type Dice = (below: number) => number

/** Says what was done. */
export function act(editor: Editor, draw: Dice, without: readonly string[] = []): string {
  const { commands, state } = editor
  const somewhere = () => draw(state.doc.content.size + 1)
  const at = (position: number) => state.doc.resolve(Math.min(position, state.doc.content.size))
  const one = somewhere()
  const other = draw(3) === 0 ? somewhere() : Math.min(one + draw(14), state.doc.content.size)
  editor.view.dispatch(state.tr.setSelection(TextSelection.between(at(one), at(draw(2) === 0 ? one : other))))
  const deeds: Record<string, () => unknown> = {
    type: () => commands.insertContent({ type: 'text', text: 'x' }),
    'type more': () => commands.insertContent({ type: 'text', text: 'words and words' }),
    split: () => commands.splitBlock(),
    'split item': () => commands.splitListItem('listItem'),
    join: () => commands.joinBackward(),
    'delete selection': () => commands.deleteSelection(),
    bold: () => commands.toggleBold(),
    italic: () => commands.toggleItalic(),
    code: () => commands.toggleCode(),
    link: () => commands.toggleLink({ href: 'https://example.org' }),
    heading: () => commands.toggleHeading({ level: 2 }),
    bullets: () => commands.toggleBulletList(),
    numbers: () => commands.toggleOrderedList(),
    tasks: () => commands.toggleTaskList(),
    quote: () => commands.toggleBlockquote(),
    'code block': () => commands.toggleCodeBlock(),
    rule: () => commands.setHorizontalRule(),
    break: () => commands.setHardBreak(),
    table: () => commands.insertTable({ rows: 2, cols: 2, withHeaderRow: true }),
    row: () => commands.addRowAfter(),
    column: () => commands.addColumnAfter(),
    'delete row': () => commands.deleteRow(),
    sink: () => commands.sinkListItem('listItem'),
    lift: () => commands.liftListItem('listItem'),
    undo: () => commands.undo(),
    redo: () => commands.redo(),
    move: () => move(editor, draw),
    attribute: () => attribute(editor, draw),
    'delete block': () => erase(editor, draw),
  }
  const names = Object.keys(deeds).filter((name) => !without.includes(name))
  const name = names[draw(names.length)] as string
  const { doc } = editor.state
  try {
    deeds[name]?.()
  } catch (thrown) {
    // Some commands fail where there is nothing for them to do; what fails later is ours.
    if (editor.state.doc !== doc) throw thrown
  }
  return `${name} at ${one}`
}

/** Drags a block somewhere else. */
function move({ view }: Editor, draw: Dice): void {
  const { state } = view
  const [from, to] = [draw(state.doc.childCount), draw(state.doc.childCount + 1)]
  const start = startOf(state.doc, from)
  const change = state.tr.delete(start, start + state.doc.child(from).nodeSize)
  const target = Math.min(change.mapping.map(startOf(state.doc, to)), change.doc.content.size)
  change.insert(target, state.doc.child(from))
  if (change.doc.childCount === state.doc.childCount) view.dispatch(change)
}

/** Gives a node another attribute. */
function attribute({ view }: Editor, draw: Dice): void {
  const { doc, tr } = view.state
  const found: number[] = []
  doc.descendants((node, position) => {
    if (['heading', 'taskItem', 'codeBlock', 'image'].includes(node.type.name)) found.push(position)
  })
  const position = found[draw(Math.max(found.length, 1))]
  const node = position === undefined ? null : doc.nodeAt(position)
  if (position === undefined || !node) return
  if (node.type.name === 'heading') view.dispatch(tr.setNodeAttribute(position, 'level', 1 + draw(6)))
  if (node.type.name === 'taskItem')
    view.dispatch(tr.setNodeAttribute(position, 'checked', !node.attrs.checked))
  if (node.type.name === 'codeBlock')
    view.dispatch(tr.setNodeAttribute(position, 'language', draw(2) ? 'rust' : null))
}

/** Deletes a whole block, if it is not the only one. */
function erase({ view }: Editor, draw: Dice): void {
  const { doc, tr } = view.state
  if (doc.childCount < 4) return
  const start = startOf(doc, draw(doc.childCount))
  if (NodeSelection.isSelectable(doc.nodeAt(start) as Node))
    view.dispatch(tr.setSelection(NodeSelection.create(doc, start)).deleteSelection())
}

function startOf(doc: Node, child: number): number {
  let position = 0
  for (let index = 0; index < child; index += 1) position += doc.child(index).nodeSize
  return position
}
