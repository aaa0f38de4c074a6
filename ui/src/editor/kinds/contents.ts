/** The `contents` block: a table of contents. Nothing of it is stored; the view draws it from the headings. */
import { mergeAttributes, Node } from '@tiptap/core'
import { m } from '../../paraglide/messages'

/** The block. */
export const Contents = Node.create({
  name: 'contents',
  group: 'block',
  atom: true,

  parseHTML() {
    return [{ tag: 'nav[data-contents]' }]
  },

  renderHTML({ HTMLAttributes }) {
    const own = { 'data-contents': '', 'aria-label': m.contents_label() }
    return ['nav', mergeAttributes(HTMLAttributes, own), m.contents_label()]
  },
})
