/** Turning a block of text into one of another kind; its words stay. */
import type { ChainedCommands, CommandProps } from '@tiptap/core'
import { Fragment, type Node } from '@tiptap/pm/model'
import { TextSelection, type Transaction } from '@tiptap/pm/state'
import type { CalloutKind } from '../kinds/callout'

/** What a block of text can be turned into. */
export type Turn =
  | 'paragraph'
  | 'heading1'
  | 'heading2'
  | 'heading3'
  | 'bulletList'
  | 'orderedList'
  | 'taskList'
  | 'blockquote'
  | 'toggle'
  | 'codeBlock'
  | 'mathBlock'
  | `callout ${CalloutKind}`

/** Turns the block that the caret is in. */
export function turn(chain: ChainedCommands, into: Turn): ChainedCommands {
  const start = chain.command(unwrapToggle)
  if (into.startsWith('heading')) return start.setNode('heading', { level: Number(into.at(-1)) })
  if (into.startsWith('callout')) {
    const kind = into.slice('callout '.length)
    return start.command(({ editor, commands }) =>
      editor.isActive('callout')
        ? commands.updateAttributes('callout', { kind })
        : commands.wrapIn('callout', { kind }),
    )
  }
  switch (into) {
    case 'bulletList':
      return start.command(({ editor, commands }) => editor.isActive(into) || commands.toggleBulletList())
    case 'orderedList':
      return start.command(({ editor, commands }) => editor.isActive(into) || commands.toggleOrderedList())
    case 'taskList':
      return start.command(({ editor, commands }) => editor.isActive(into) || commands.toggleTaskList())
    case 'blockquote':
      return start.setBlockquote()
    case 'toggle':
      return start.clearNodes().command(wrapInToggle)
    case 'paragraph':
      return start.clearNodes()
    default:
      return start.setNode(into)
  }
}

/** Makes the block that the caret is in the title of a toggle. */
export function wrapInToggle({ tr, dispatch }: CommandProps): boolean {
  const { $from } = tr.selection
  const { toggle, toggleTitle } = tr.doc.type.schema.nodes
  const block = $from.parent
  if (!toggle || !toggleTitle || !block.inlineContent || $from.depth === 0) return false
  const [container, index] = [$from.node(-1), $from.index(-1)]
  if (!container.canReplaceWith(index, index + 1, toggle)) return false
  if (!dispatch) return true
  const words = toggleTitle.validContent(block.content)
    ? block.content
    : Fragment.from(tr.doc.type.schema.text(block.textContent))
  const made = toggle.create(null, toggleTitle.create(null, words))
  tr.replaceWith($from.before(), $from.after(), made)
  tr.setSelection(TextSelection.create(tr.doc, $from.pos + 1))
  return true
}

/** Makes the toggle whose title the caret is in a paragraph and the blocks below it; elsewhere does nothing. */
export function unwrapToggle({ tr, dispatch }: CommandProps): boolean {
  const { $from } = tr.selection
  if ($from.parent.type.name !== 'toggleTitle' || !dispatch) return true
  const [toggle, at, caret] = [$from.node(-1), $from.before(-1), $from.pos - 1]
  tr.replaceWith(at, at + toggle.nodeSize, unfolded(toggle))
  tr.setSelection(TextSelection.create(tr.doc, caret))
  return true
}

function unfolded(toggle: Node): Fragment {
  const paragraph = toggle.type.schema.nodes.paragraph?.create(null, toggle.firstChild?.content)
  const below = toggle.children.slice(1)
  return Fragment.from(paragraph ? [paragraph, ...below] : below)
}

/** Puts a block where the caret is: in the place of an empty one, else behind; the caret goes into it, or behind it. */
export function insertBlock(tr: Transaction, block: Node): boolean {
  const { $from } = tr.selection
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const [container, index] = [$from.node(depth - 1), $from.index(depth - 1)]
    const isEmpty = depth === $from.depth && $from.parent.isTextblock && $from.parent.content.size === 0
    if (isEmpty && container.canReplaceWith(index, index + 1, block.type)) {
      tr.replaceWith($from.before(depth), $from.after(depth), block)
      return settle(tr, $from.before(depth), block)
    }
    if (container.canReplaceWith(index + 1, index + 1, block.type)) {
      tr.insert($from.after(depth), block)
      return settle(tr, $from.after(depth), block)
    }
  }
  return false
}

/** Puts the caret into a block that has just come, or behind it, where there is then a line to write on. */
function settle(tr: Transaction, at: number, block: Node): boolean {
  if (!block.isAtom && !block.isLeaf) {
    tr.setSelection(TextSelection.near(tr.doc.resolve(at + 1))).scrollIntoView()
    return true
  }
  const after = at + block.nodeSize
  const next = tr.doc.resolve(after).nodeAfter
  const paragraph = block.type.schema.nodes.paragraph
  if (!next?.isTextblock && paragraph) tr.insert(after, paragraph.create())
  tr.setSelection(TextSelection.near(tr.doc.resolve(after + 1))).scrollIntoView()
  return true
}
