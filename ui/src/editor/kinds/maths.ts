/** Formulas, written in LaTeX: the `math` mark on text in a line, and the `mathBlock`. What is stored is always the text. */
import { type Editor, Mark, mergeAttributes, Node, textblockTypeInputRule } from '@tiptap/core'
import type { NodeType } from '@tiptap/pm/model'
import { delimited, FORMULA } from './delimited'

/** LaTeX in a line of text. */
export const MathMark = Mark.create({
  name: 'math',
  code: true, // nothing in a formula is Markdown
  inclusive: false,

  parseHTML() {
    return [{ tag: 'span[data-math]' }]
  },

  renderHTML({ HTMLAttributes }) {
    return ['span', mergeAttributes(HTMLAttributes, { 'data-math': '', spellcheck: 'false' }), 0]
  },

  addInputRules() {
    return [delimited(FORMULA, this.type)]
  },
})

/** A formula of its own. */
export const MathBlock = Node.create({
  name: 'mathBlock',
  group: 'block',
  content: 'text*',
  marks: '',
  code: true,
  defining: true,

  parseHTML() {
    return [{ tag: 'pre[data-math]', preserveWhitespace: 'full', priority: 60 }]
  },

  renderHTML() {
    return ['pre', { 'data-math': '', spellcheck: 'false' }, ['code', 0]]
  },

  addInputRules() {
    return [textblockTypeInputRule({ find: /^\$\$\s$/, type: this.type })]
  },

  addKeyboardShortcuts() {
    return {
      Backspace: () => {
        const { $from, empty } = this.editor.state.selection
        const isEmpty = $from.parent.type === this.type && $from.parent.content.size === 0
        return empty && isEmpty && this.editor.commands.clearNodes()
      },
      // As in a block of code: out of it by an empty line at its end, or at once.
      Enter: () => leave(this.editor, this.type),
      'Mod-Enter': () => isIn(this.editor, this.type) && this.editor.commands.exitCode(),
    }
  },
})

function isIn({ state }: Editor, type: NodeType): boolean {
  return state.selection.$from.parent.type === type
}

function leave(editor: Editor, type: NodeType): boolean {
  const { $from, empty } = editor.state.selection
  const isAtEnd = empty && isIn(editor, type) && $from.parentOffset === $from.parent.content.size
  if (!isAtEnd || !$from.parent.textContent.endsWith('\n')) return false
  return editor
    .chain()
    .command(({ tr }) => {
      tr.delete($from.pos - 1, $from.pos)
      return true
    })
    .exitCode()
    .run()
}
