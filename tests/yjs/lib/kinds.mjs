// The nodes and marks that are Sheaf's own, as little of them as decides what is stored.
import { Mark, Node } from '@tiptap/core'

/** A node: its attributes by name with what they are by default. */
const node = (name, spec, attributes = {}) =>
  Node.create({
    name,
    ...spec,
    addAttributes: () =>
      Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, { default: value }])),
    parseHTML: () => [{ tag: `sheaf-${name.toLowerCase()}` }],
    renderHTML: () => [`sheaf-${name.toLowerCase()}`, ...(spec.content ? [0] : [])],
  })

const block = (content) => ({ group: 'block', content })
const verbatim = { ...block('text*'), marks: '', code: true, defining: true }
const inlineAtom = { group: 'inline', inline: true, atom: true }

const mark = (name, attributes = {}) =>
  Mark.create({
    name,
    addAttributes: () =>
      Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, { default: value }])),
    renderHTML: () => [`sheaf-${name}`, 0],
  })

/** All of them; the order of the marks is the order in which they nest. */
export const ownKinds = [
  node('source', verbatim, { format: 'markdown' }),
  node('callout', block('block+'), { kind: 'note' }),
  node('toggle', block('toggleTitle block*')),
  node('toggleTitle', { content: 'inline*' }),
  node('mathBlock', verbatim),
  node('footnote', block('block+'), { label: null }),
  node('footnoteReference', inlineAtom, { label: null }),
  node('mention', inlineAtom, { kind: 'document', id: null, label: null }),
  node('contents', { group: 'block', atom: true }),
  node('figure', block('inline*'), { file: null, alt: null, width: null }),
  node('attachment', { group: 'block', atom: true }, { file: null, name: null }),
  mark('highlight', { color: null }),
  mark('subscript'),
  mark('superscript'),
  mark('math'),
]
