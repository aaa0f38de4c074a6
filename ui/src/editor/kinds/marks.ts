/** The marks that are ours beside the stock ones. No mark excludes another: two people may set one each. */
import { Mark } from '@tiptap/core'
import { word } from './attribute'
import { delimited, HIGHLIGHTED, LOWERED, RAISED } from './delimited'

/** Text that is marked as with a pen; the colour is a name, and null is the usual one. */
export const Highlight = Mark.create({
  name: 'highlight',

  addAttributes() {
    return { color: word('color') }
  },

  parseHTML() {
    return [{ tag: 'mark' }]
  },

  renderHTML({ HTMLAttributes }) {
    return ['mark', HTMLAttributes, 0]
  },

  addInputRules() {
    return [delimited(HIGHLIGHTED, this.type)]
  },

  addKeyboardShortcuts() {
    return { 'Mod-Shift-h': () => this.editor.commands.toggleMark(this.name) }
  },
})

/** Letters below the line. */
export const Subscript = Mark.create({
  name: 'subscript',

  parseHTML() {
    return [{ tag: 'sub' }]
  },

  renderHTML({ HTMLAttributes }) {
    return ['sub', HTMLAttributes, 0]
  },

  addInputRules() {
    return [delimited(LOWERED, this.type)]
  },

  addKeyboardShortcuts() {
    return { 'Mod-Alt-,': () => this.editor.commands.toggleMark(this.name) }
  },
})

/** Letters above the line. */
export const Superscript = Mark.create({
  name: 'superscript',

  parseHTML() {
    return [{ tag: 'sup' }]
  },

  renderHTML({ HTMLAttributes }) {
    return ['sup', HTMLAttributes, 0]
  },

  addInputRules() {
    return [delimited(RAISED, this.type)]
  },

  addKeyboardShortcuts() {
    return { 'Mod-Alt-.': () => this.editor.commands.toggleMark(this.name) }
  },
})
