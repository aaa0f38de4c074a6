/** The stored tree of a document, read for showing: elements with children, runs of text with marks. */

/** A piece of a stored document. */
export type Stored =
  | { kind: 'element'; name: string; attributes: Record<string, unknown>; children: Stored[] }
  | { kind: 'text'; text: string; marks: Record<string, unknown> }

/** Deeper than this a tree is not drawn. The validator allows no deeper one. */
const DEPTH = 128

/** Reads the root's children; what is not a tree is nothing. */
export function storedTree(tree: unknown): Stored[] {
  return childrenOf(tree, 0)
}

function childrenOf(value: unknown, depth: number): Stored[] {
  if (!isRecord(value) || !Array.isArray(value.children) || depth > DEPTH) return []
  return value.children.map((child) => read(child, depth + 1)).filter((child) => child !== null)
}

function read(value: unknown, depth: number): Stored | null {
  if (!isRecord(value)) return null
  if (typeof value.text === 'string') {
    return { kind: 'text', text: value.text, marks: isRecord(value.marks) ? value.marks : {} }
  }
  return {
    kind: 'element',
    name: String(value.name ?? ''),
    attributes: isRecord(value.attributes) ? value.attributes : {},
    children: childrenOf(value, depth),
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
