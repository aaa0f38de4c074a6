/** Files in the text, by their hash: the `figure`, a picture with a caption, and the `attachment`. */
import { mergeAttributes, Node } from '@tiptap/core'
import { m } from '../../paraglide/messages'
import { word } from './attribute'

/** Returns the width that a figure wants, in CSS pixels; null is its own. */
export function figureWidth(stored: unknown): number | null {
  const width = Number(stored)
  return stored !== null && Number.isFinite(width) && width >= 1 ? Math.round(width) : null
}

/** A picture; what is written in it is its caption. */
export const Figure = Node.create({
  name: 'figure',
  group: 'block',
  content: 'inline*',
  defining: true,
  isolating: true,

  addAttributes() {
    return {
      file: word('file'),
      alt: word('alt'),
      width: {
        ...word('width'),
        parseHTML: (element) => figureWidth(element.getAttribute('data-width')),
      },
    }
  },

  parseHTML() {
    return [{ tag: 'figure[data-file]', contentElement: 'figcaption' }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const alt = typeof node.attrs.alt === 'string' && node.attrs.alt ? node.attrs.alt : m.picture()
    return [
      'figure',
      mergeAttributes({ 'data-file': '' }, HTMLAttributes),
      ['div', { class: 'figure-frame', contenteditable: 'false', role: 'img', 'aria-label': alt }],
      ['figcaption', 0],
    ]
  },
})

/** A file that is no picture, as a card. */
export const Attachment = Node.create({
  name: 'attachment',
  group: 'block',
  atom: true,

  addAttributes() {
    return { file: word('file'), name: word('name') }
  },

  parseHTML() {
    return [{ tag: 'div[data-attachment]' }]
  },

  renderHTML({ node, HTMLAttributes }) {
    return [
      'div',
      mergeAttributes(HTMLAttributes, { 'data-attachment': '' }),
      attachmentName(node.attrs.name),
    ]
  },
})

/** Returns what an attachment is called. */
export function attachmentName(stored: unknown): string {
  return typeof stored === 'string' && stored ? stored : m.attachment()
}
