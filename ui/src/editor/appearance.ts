/** What the view does with the text that is there, and never writes: colours of code, formulas, the way to a footnote. */
import { Extension } from '@tiptap/core'
import { followFootnotes } from './blocks/footnotes'
import { codeColours } from './code/colours'
import { formulas } from './maths/drawn'

/** The plugins that do so. */
export const appearance = Extension.create({
  name: 'appearance',
  addProseMirrorPlugins: () => [codeColours(), formulas(), followFootnotes()],
})
