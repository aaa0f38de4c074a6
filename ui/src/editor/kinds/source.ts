/** The `source` block: text kept verbatim because the editor cannot show it otherwise (HTML, front matter). */
import { mergeAttributes, Node } from '@tiptap/core'

/** A block of source text; its `format` says of what. */
export const Source = Node.create({
  name: 'source',
  group: 'block',
  content: 'text*',
  marks: '',
  code: true,
  defining: true,

  addAttributes() {
    return { format: { default: 'markdown' } }
  },

  parseHTML() {
    return [{ tag: 'pre[data-source]', preserveWhitespace: 'full', priority: 60 }]
  },

  renderHTML({ node, HTMLAttributes }) {
    return [
      'pre',
      mergeAttributes(HTMLAttributes, { 'data-source': '', 'data-format': String(node.attrs.format) }),
      ['code', 0],
    ]
  },
})
