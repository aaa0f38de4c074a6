// Random edits of the kinds that editors make, by seeded chance: for sessions in vectors and for the peer.
import * as Y from 'yjs'

const WORDS = ['a', 'to', 'sheaf', 'Ünïcode', '😀', '👩‍👩‍👧', 'e\u0301', 'line', ' ', '𝒳y', 'über']
const MARKS = [
  { bold: {} },
  { italic: {} },
  { bold: null },
  { link: { href: 'https://example.org', title: null } },
  { link: null },
  { code: {} },
]
const BLOCKS = ['paragraph', 'heading', 'blockquote', 'bulletList', 'listItem', 'codeBlock']
const VALUES = [
  null,
  true,
  false,
  0,
  7,
  -3,
  1.5,
  'text',
  [1, 'two', null],
  { deep: { er: [] } },
  new Uint8Array([1, 2, 255]),
]

/** Makes one random edit of the document. */
export function edit(doc, luck) {
  doc.transact(() => {
    const kind = luck.below(20)
    if (kind < 9) writing(anyText(doc, luck), luck)
    else if (kind < 11) marking(anyText(doc, luck), luck)
    else if (kind < 15) building(anyParent(doc, luck), luck)
    else if (kind < 16) removing(anyParent(doc, luck), luck)
    else if (kind < 17) attributing(anyParent(doc, luck), luck)
    else if (kind < 18) writing(doc.getText('title'), luck)
    else mapping(doc.getMap('meta'), luck)
  })
}

/** Makes this edit, of an XML node by its place in document order, or of a root by its name. */
export function perform(doc, { of, what }) {
  const roots = {
    default: () => doc.getXmlFragment('default'),
    title: () => doc.getText('title'),
    meta: () => doc.getMap('meta'),
  }
  const type = roots[of]?.() ?? everything(doc)[of]
  doc.transact(() => {
    const { at } = what
    if (what.insert) type.insert(at, what.insert)
    else if (what.delete) type.delete(at, what.delete)
    else if (what.mark) type.format(at, what.length, what.mark)
    else if (what.text) type.insert(at, [new Y.XmlText(what.text)])
    else if (what.element) {
      const element = new Y.XmlElement(what.element)
      if (what.with) element.insert(0, [new Y.XmlText(what.with)])
      type.insert(at, [element])
    } else if (what.unset) {
      if (type instanceof Y.Map) type.delete(what.unset)
      else type.removeAttribute(what.unset)
    } else if (what.map) type.set(what.set, new Y.Map(Object.entries(what.map)))
    else if (what.array) type.set(what.set, Y.Array.from(what.array))
    else if (what.set && type instanceof Y.Map) type.set(what.set, what.value)
    else if (what.set) type.setAttribute(what.set, what.value)
  })
}

function writing(text, luck) {
  if (!text) return
  const edges = boundaries(text)
  const at = luck.below(edges.length)
  if (luck.once(3) && at + 1 < edges.length) {
    const end = Math.min(at + 1 + luck.below(5), edges.length - 1)
    text.delete(edges[at], edges[end] - edges[at])
  } else {
    text.insert(edges[at], luck.pick(WORDS))
  }
}

function marking(text, luck) {
  if (!text || text.length === 0) return
  const edges = boundaries(text)
  const at = luck.below(edges.length - 1)
  const end = at + 1 + luck.below(edges.length - 1 - at)
  text.format(edges[at], edges[end] - edges[at], luck.pick(MARKS))
}

/**
 * Where a caret can stand: never between the halves of a surrogate pair. Cutting one makes U+FFFD on those replicas only
 * that still held it as one string, so such documents differ in Yjs itself; editors do not do it.
 */
function boundaries(text) {
  const edges = [0]
  for (const run of text.toDelta()) for (const letter of run.insert) edges.push(edges.at(-1) + letter.length)
  return edges
}

function building(parent, luck) {
  const made =
    luck.once(3) && parent instanceof Y.XmlElement
      ? new Y.XmlText(luck.pick(WORDS))
      : new Y.XmlElement(luck.pick(BLOCKS))
  if (made instanceof Y.XmlElement && luck.once(2)) made.insert(0, [new Y.XmlText(luck.pick(WORDS))])
  parent.insert(luck.below(parent.length + 1), [made])
}

function removing(parent, luck) {
  if (parent.length > 0) parent.delete(luck.below(parent.length), 1)
}

function attributing(parent, luck) {
  if (!(parent instanceof Y.XmlElement)) return
  const key = luck.pick(['level', 'start', 'checked'])
  if (luck.once(4)) parent.removeAttribute(key)
  else parent.setAttribute(key, luck.pick(VALUES))
}

function mapping(map, luck) {
  const key = luck.pick(['a', 'b', 'c'])
  if (luck.once(4)) map.delete(key)
  else if (luck.once(6)) map.set(key, luck.once(2) ? new Y.Map([['x', 1]]) : Y.Array.from([1, 'two']))
  else map.set(key, luck.pick(VALUES))
}

/** All XML types of the body, in document order. */
function everything(doc) {
  const found = []
  const walk = (parent) =>
    parent.toArray().forEach((child) => {
      found.push(child)
      if (child instanceof Y.XmlElement) walk(child)
    })
  walk(doc.getXmlFragment('default'))
  return found
}

function anyText(doc, luck) {
  const texts = everything(doc).filter((type) => type instanceof Y.XmlText)
  return texts.length > 0 ? luck.pick(texts) : undefined
}

function anyParent(doc, luck) {
  return luck.pick([
    doc.getXmlFragment('default'),
    ...everything(doc).filter((type) => type instanceof Y.XmlElement && depth(type) < 6),
  ])
}

function depth(type) {
  let steps = 0
  for (let at = type; at.parent; at = at.parent) steps += 1
  return steps
}
