/** Footnotes: a `footnoteReference` in the line, and the `footnote` block that has its label. */
import { mergeAttributes, Node } from '@tiptap/core'
import { m } from '../../paraglide/messages'
import { word } from './attribute'

/** Returns a label as it is shown. */
export function footnoteLabel(stored: unknown): string {
  return typeof stored === 'string' && stored ? stored : '?'
}

/** The sign in the line. */
export const FootnoteReference = Node.create({
  name: 'footnoteReference',
  group: 'inline',
  inline: true,
  atom: true,

  addAttributes() {
    return { label: word('label') }
  },

  parseHTML() {
    return [{ tag: 'sup[data-footnote-reference]', priority: 60 }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const label = footnoteLabel(node.attrs.label)
    const own = {
      'data-footnote-reference': '',
      'aria-label': m.footnote_label({ label }),
      role: 'doc-noteref',
    }
    return ['sup', mergeAttributes(HTMLAttributes, own), label]
  },

  renderText({ node }) {
    return `[${footnoteLabel(node.attrs.label)}]`
  },
})

/** What it says. */
export const Footnote = Node.create({
  name: 'footnote',
  group: 'block',
  content: 'block+',
  defining: true,

  addAttributes() {
    return { label: word('label') }
  },

  parseHTML() {
    return [{ tag: 'div[data-footnote]' }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const label = footnoteLabel(node.attrs.label)
    const own = { 'data-footnote': label, role: 'group', 'aria-label': m.footnote_label({ label }) }
    return ['div', mergeAttributes(HTMLAttributes, own), 0]
  },
})
