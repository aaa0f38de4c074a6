/**
 * The `toggle` block: a title, and blocks below it that can be folded away. Whether it is open is the view's own and never
 * stored; see `toggle-view.ts`.
 */
import { Node } from '@tiptap/core'

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
})
