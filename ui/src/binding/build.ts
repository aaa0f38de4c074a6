/**
 * New shared types for nodes that a person put into the document: an element for each node with its attributes, a text for each
 * stretch of text, as every Tiptap editor stores them.
 */
import type { Node } from '@tiptap/pm/model'
import * as Y from 'yjs'
import { attributesOf } from './marks'
import { BLOCK, INLINE, type Stored } from './unknown'

/** What stands in a fragment. */
export type Child = Y.XmlElement | Y.XmlText

type Delta = { insert: string; attributes: Record<string, unknown> }[]

/** What is stored of a node and not known here, by the node's object. */
export type Beyond = (node: Node) => Record<string, unknown>

/** Returns shared types for nodes. */
export function build(nodes: readonly Node[], beyond: Beyond): Child[] {
  const made: Child[] = []
  for (const [index, node] of nodes.entries()) {
    if (!node.isText) made.push(element(node, beyond))
    else if (!nodes[index - 1]?.isText) made.push(textOf(deltaOf(nodes.slice(index))))
  }
  return made
}

/** Returns what the leading text nodes are in a shared text. */
export function deltaOf(nodes: readonly Node[]): Delta {
  const end = nodes.findIndex((node) => !node.isText)
  const leading = nodes.slice(0, end < 0 ? nodes.length : end)
  return leading.map((node) => ({ insert: node.text ?? '', attributes: attributesOf(node.marks) }))
}

function element(node: Node, beyond: Beyond): Child {
  if ([BLOCK, INLINE].includes(node.type.name)) return restored(node.attrs.stored as Stored)
  const made = new Y.XmlElement(node.type.name)
  for (const [name, value] of Object.entries({ ...beyond(node), ...node.attrs }))
    if (value !== null) made.setAttribute(name, value as string)
  made.insert(0, build(node.content.content, beyond))
  return made
}

/** Returns a shared type that holds what an atom carries. */
function restored(stored: Stored): Child {
  if (stored.kind === 'text') return textOf(runsOf([stored]))
  if (stored.name === '') return textOf(runsOf(stored.children))
  const made = new Y.XmlElement(stored.name)
  for (const [name, value] of Object.entries(stored.attributes)) made.setAttribute(name, value as string)
  const children: Child[] = []
  let words: Stored[] = []
  const flush = () => {
    if (words.length > 0) children.push(textOf(runsOf(words)))
    words = []
  }
  for (const child of stored.children) {
    if (child.kind === 'text') {
      words.push(child)
      continue
    }
    flush()
    children.push(restored(child))
  }
  flush()
  made.insert(0, children)
  return made
}

function runsOf(stored: readonly Stored[]): Delta {
  return stored.flatMap((one) => (one.kind === 'text' ? [{ insert: one.text, attributes: one.marks }] : []))
}

function textOf(delta: Delta): Y.XmlText {
  const made = new Y.XmlText()
  made.applyDelta(delta)
  return made
}
