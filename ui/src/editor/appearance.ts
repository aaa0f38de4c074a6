/** What is only drawn on the text, and never in it: colours of code, formulas. */
import { Extension } from '@tiptap/core'
import { codeColours } from './code/colours'
import { formulas } from './maths/drawn'

/** The plugins that do so. */
export const appearance = Extension.create({
  name: 'appearance',
  addProseMirrorPlugins: () => [codeColours(), formulas()],
})
