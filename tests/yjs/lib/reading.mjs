// What a Y.Doc holds, in a form that Rust can compare: plain JSON, no order that a hash map could choose.
import * as Y from 'yjs'

/** The block names whose children are inline: each is one line of a document's plain text. */
const TEXT_BLOCKS = new Set([
  'paragraph',
  'heading',
  'codeBlock',
  'source',
  'toggleTitle',
  'mathBlock',
  'figure',
])

/** The document's roots, with the kinds that Sheaf gives them. */
export function roots(doc) {
  return { body: doc.getXmlFragment('default'), title: doc.getText('title'), meta: doc.getMap('meta') }
}

/** The tree under an XML type: elements as {name, attributes, children}, runs as {text, marks}. */
export function tree(type) {
  const children = []
  for (const child of type.toArray()) {
    if (child instanceof Y.XmlText) children.push(...runs(child))
    else
      children.push({ name: child.nodeName, attributes: plain(child.getAttributes()), children: tree(child) })
  }
  return joined(children)
}

function runs(text) {
  return text
    .toDelta()
    .map(({ insert, attributes }) =>
      typeof insert === 'string'
        ? { text: insert, marks: plain(attributes ?? {}) }
        : { name: 'embed', attributes: { value: plain(insert) }, children: [] },
    )
}

/** Neighbouring runs under the same marks are one run, also across two XmlText. */
function joined(children) {
  const out = []
  for (const child of children) {
    const last = out.at(-1)
    if (child.text !== undefined && last?.text !== undefined && same(child.marks, last.marks))
      last.text += child.text
    else out.push(child)
  }
  return out
}

const same = (a, b) => JSON.stringify(plain(a)) === JSON.stringify(plain(b))

/** A value as JSON can say it, keys sorted: bytes as a list, what JSON lacks as null. */
export function plain(value) {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return null
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Uint8Array) return [...value]
  if (value instanceof Y.AbstractType) return plain(value.toJSON())
  if (Array.isArray(value)) return value.map(plain)
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, plain(value[key])]),
    )
  }
  return value
}

/** Plain text: one line for each text block, a hard break as a line break, a mention as the name it was written with. */
export function text(nodes) {
  const lines = []
  const inline = (children) => children.map(letters).join('')
  const letters = (node) => {
    if (node.text !== undefined) return node.text
    if (node.name === 'hardBreak') return '\n'
    return node.name === 'mention' ? (node.attributes.label ?? '') : inline(node.children)
  }
  const block = (node) => {
    if (TEXT_BLOCKS.has(node.name) || node.children.some((child) => child.text !== undefined))
      lines.push(inline(node.children))
    else node.children.forEach(block)
  }
  block({ name: 'doc', children: nodes })
  return lines.join('\n')
}

/** State vector as {client: next clock}. */
export function stateVector(doc) {
  return sortedByClient(Y.decodeStateVector(Y.encodeStateVector(doc)))
}

/** Delete set as {client: [[clock, length], …]}, joined and sorted. */
export function deleteSet(doc) {
  const set = Y.createDeleteSetFromStructStore(doc.store)
  return sortedByClient(
    new Map([...set.clients].map(([client, items]) => [client, items.map((it) => [it.clock, it.len])])),
  )
}

/** Each struct of an update as [client, clock, length, kind of content]. */
export function structs(update) {
  return Y.decodeUpdate(update).structs.map((struct) => [
    struct.id.client,
    struct.id.clock,
    struct.length,
    struct.content?.constructor.name.replace('Content', '').toLowerCase() ??
      struct.constructor.name.toLowerCase(),
  ])
}

function sortedByClient(map) {
  return Object.fromEntries([...map].sort((a, b) => a[0] - b[0]))
}

export const base64 = (bytes) => Buffer.from(bytes).toString('base64')
export const bytes = (text) => new Uint8Array(Buffer.from(text, 'base64'))
