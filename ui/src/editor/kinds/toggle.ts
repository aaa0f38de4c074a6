/**
 * The `toggle` block: a title, and blocks below it that can be folded away. Whether it is open is the view's own and never
 * stored; see `views/toggle.ts`.
 *
 * Keys in the title: Enter goes on inside, or, closed, in a next toggle; Backspace at its start takes the toggle away and
 * leaves its words; Mod-Enter opens and closes.
 */
import { type Editor, InputRule, Node } from '@tiptap/core'
import type { ResolvedPos } from '@tiptap/pm/model'
import { TextSelection } from '@tiptap/pm/state'
import { unwrapToggle, wrapInToggle } from '../blocks/turn'
import { isOpen, setOpen } from '../views/toggle'

/** The block. */
export const Toggle = Node.create({
  name: 'toggle',
  group: 'block',
  content: 'toggleTitle block*',
  defining: true,

  parseHTML() {
    return [{ tag: 'details' }]
  },

  renderHTML() {
    return ['details', 0]
  },
})

/** Its title. */
export const ToggleTitle = Node.create({
  name: 'toggleTitle',
  content: 'inline*',
  defining: true,
  selectable: false,

  parseHTML() {
    return [{ tag: 'summary' }]
  },

  renderHTML() {
    return ['summary', 0]
  },

  addInputRules() {
    const find = /^>>\s$/
    return [
      new InputRule({
        find,
        handler: ({ range, chain }) => {
          chain().deleteRange(range).command(wrapInToggle).run()
        },
      }),
    ]
  },

  addKeyboardShortcuts() {
    return {
      Enter: ({ editor }) => goOn(editor),
      Backspace: ({ editor }) => {
        const { empty, $from } = editor.state.selection
        return empty && $from.parentOffset === 0 && titleOf($from) && editor.commands.command(unwrapToggle)
      },
      'Mod-Enter': ({ editor }) => {
        const { $from } = editor.state.selection
        if (!titleOf($from)) return false
        setOpen(editor.view, $from.before(-1), !isOpen(editor.view, $from.before(-1)))
        return true
      },
    }
  },
})

function titleOf($from: ResolvedPos): boolean {
  return $from.parent.type.name === 'toggleTitle'
}

/** Splits a title: what is behind the caret becomes the first line inside, or the title of a next toggle. */
function goOn(editor: Editor): boolean {
  const { $from, $to } = editor.state.selection
  if (!titleOf($from) || !$from.sameParent($to)) return false
  const inside = isOpen(editor.view, $from.before(-1))
  return editor.commands.command(({ tr }) => {
    const { paragraph, toggle, toggleTitle } = tr.doc.type.schema.nodes
    if (!paragraph || !toggle || !toggleTitle) return false
    const rest = $to.parent.content.cut($to.parentOffset)
    const at = inside ? $from.after() : $from.after(-1)
    const line = inside ? paragraph.create(null, rest) : toggle.create(null, toggleTitle.create(null, rest))
    tr.insert(at, line).delete($from.pos, $from.end())
    const caret = tr.mapping.map(at, -1) + (inside ? 1 : 2)
    tr.setSelection(TextSelection.create(tr.doc, caret)).scrollIntoView()
    return true
  })
}
