/** Which blocks of text a change touched. What a plugin knows of the others stays true and only moves. Pure. */
import type { Node } from '@tiptap/pm/model'
import type { Transaction } from '@tiptap/pm/state'

/** Returns the blocks of text that a change made or touched, each once, with where they are now. */
export function changedBlocks(change: Transaction): { node: Node; at: number }[] {
  const found = new Map<number, Node>()
  change.mapping.maps.forEach((map, step) => {
    const later = change.mapping.slice(step + 1)
    map.forEach((_from, _to, newFrom, newTo) => {
      const size = change.doc.content.size
      const from = Math.max(later.map(newFrom, -1) - 1, 0)
      const to = Math.min(later.map(newTo, 1) + 1, size)
      change.doc.nodesBetween(from, to, (node, at) => {
        if (node.isTextblock) found.set(at, node)
        return !node.isTextblock
      })
    })
  })
  return [...found].map(([at, node]) => ({ node, at }))
}

/** Returns all blocks of text. */
export function textBlocks(doc: Node): { node: Node; at: number }[] {
  const found: { node: Node; at: number }[] = []
  doc.descendants((node, at) => {
    if (node.isTextblock) found.push({ node, at })
    return !node.isTextblock
  })
  return found
}
