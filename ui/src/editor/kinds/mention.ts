/** The `mention`: a document or a person, by id, with the name that it had when it was written. */
import { mergeAttributes, Node } from '@tiptap/core'
import { m } from '../../paraglide/messages'
import { word } from './attribute'

/** Returns the words that a mention is shown with where nothing better is known. */
export function mentionWords({ kind, label }: Record<string, unknown>): string {
  const name = typeof label === 'string' && label ? label : m.untitled()
  return kind === 'person' ? `@${name}` : name
}

/** The inline node. */
export const Mention = Node.create({
  name: 'mention',
  group: 'inline',
  inline: true,
  atom: true,

  addAttributes() {
    return { kind: word('kind', 'document'), id: word('id'), label: word('label') }
  },

  parseHTML() {
    return [{ tag: 'span[data-mention]' }]
  },

  renderHTML({ node, HTMLAttributes }) {
    return ['span', mergeAttributes(HTMLAttributes, { 'data-mention': '' }), mentionWords(node.attrs)]
  },

  renderText({ node }) {
    return mentionWords(node.attrs)
  },
})
