/**
 * How the view shows what this version does not know: as an atom that says what it is, with its text to be read; and marks
 * that it does not know as a mark that nobody sees.
 *
 * These kinds exist in the view only. An atom carries what is stored of it as plain values, so that it can be written once
 * more where a person moves it to; as long as it stays, its shared type is never touched.
 */
import { Mark, Node } from '@tiptap/core'
import type { Schema } from '@tiptap/pm/model'
import { NodeSelection, Plugin } from '@tiptap/pm/state'
import * as Y from 'yjs'
import { m } from '../paraglide/messages'
import type { Shared } from './pieces'

/** What is stored of something, as plain values. */
export type Stored =
  | { kind: 'element'; name: string; attributes: Record<string, unknown>; children: Stored[] }
  | { kind: 'text'; text: string; marks: Record<string, unknown> }

/** The names of these kinds. */
export const BLOCK = 'unknownBlock'
export const INLINE = 'unknownInline'
export const MARK = 'unknownMark'

const attributes = () => ({
  /** The name of what is stored. */
  name: { isRequired: true, rendered: false },
  /** Its words, to be read. */
  text: { isRequired: true, rendered: false },
  /** What is stored, as `Stored`. */
  stored: { isRequired: true, rendered: false },
})

/** Who clicked on such a thing and types does not mean to delete it; there are keys for that. */
const notTypedOver = new Plugin({
  props: {
    handleTextInput: ({ state: { selection } }) =>
      selection instanceof NodeSelection && [BLOCK, INLINE].includes(selection.node.type.name),
  },
})

/** A block that is not known here. */
const UnknownBlock = Node.create({
  name: BLOCK,
  group: 'block',
  atom: true,
  draggable: true,
  addAttributes: attributes,
  renderHTML: ({ node }) => [
    'div',
    { class: 'unknown', 'data-name': String(node.attrs.name), title: m.unknown_kept() },
    ['span', { class: 'unknown-name' }, String(node.attrs.name)],
    ['span', { class: 'unknown-text' }, String(node.attrs.text)],
  ],

  addProseMirrorPlugins: () => [notTypedOver],
})

/** Something in a line of text that is not known here. */
const UnknownInline = Node.create({
  name: INLINE,
  group: 'inline',
  inline: true,
  atom: true,
  addAttributes: attributes,
  renderHTML: ({ node }) => [
    'span',
    { class: 'unknown', 'data-name': String(node.attrs.name), title: m.unknown_kept() },
    String(node.attrs.text || node.attrs.name),
  ],
})

/** A mark that is not known here; any number of them may be on the same words. */
const UnknownMark = Mark.create({
  name: MARK,
  excludes: '',
  inclusive: false,
  addAttributes: () => ({
    name: { isRequired: true, rendered: false },
    value: { isRequired: true, rendered: false },
  }),
  renderHTML: () => ['span', 0],
})

/** These kinds, for a schema. */
export const unknownKinds = [UnknownBlock, UnknownInline, UnknownMark]

/** Returns the name of a shared type as a node's, null for a text. */
export function nameOf(type: Shared): string | null {
  return type instanceof Y.XmlElement ? type.nodeName : null
}

/** Says whether a node of this name can be one of the document's. */
export function isKnown(schema: Schema, name: string): boolean {
  return name in schema.nodes && ![BLOCK, INLINE, 'text', schema.topNodeType.name].includes(name)
}

/** Returns what an atom says of a shared type. */
export function attrsOf(type: Shared): { name: string; text: string; stored: Stored } {
  const [first, ...others] = storedOf(type)
  const stored: Stored =
    first && others.length === 0
      ? first
      : { kind: 'element', name: '', attributes: {}, children: [first, ...others].filter((one) => !!one) }
  return { name: nameOf(type) ?? 'text', text: wordsOf(stored), stored }
}

/** Returns what a shared type holds, as plain values. */
export function storedOf(type: Shared): Stored[] {
  if (type instanceof Y.XmlText)
    return type.toDelta().flatMap(({ insert, attributes }: { insert: unknown; attributes?: object }) => {
      if (insert instanceof Y.AbstractType) return storedOf(insert)
      const text = typeof insert === 'string' ? insert : JSON.stringify(insert)
      return { kind: 'text', text, marks: { ...attributes } }
    })
  if (!(type instanceof Y.XmlElement)) return []
  const children = type.toArray().flatMap((child) => storedOf(child as Shared))
  return [{ kind: 'element', name: type.nodeName, attributes: type.getAttributes(), children }]
}

/** Returns words that can be read, a line for each block. */
function wordsOf(stored: Stored): string {
  if (stored.kind === 'text') return stored.text
  const { children, attributes } = stored
  if (children.length === 0) return String(attributes.label ?? attributes.alt ?? attributes.title ?? '')
  return children.map(wordsOf).join(children.some(({ kind }) => kind === 'text') ? '' : '\n')
}
