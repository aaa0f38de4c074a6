/**
 * Lets pieces take over the nodes of the editor's document where that is the same as theirs.
 *
 * After a person's edit both say the same in different objects, and only one of them may go on: ProseMirror tells what changed by
 * the objects that stayed. Nothing outside of the edit is looked at.
 */
import type { Node } from '@tiptap/pm/model'
import { Branch, Inert, Words } from './pieces'

/** Takes over the nodes of a document that is the same between two positions of a branch's content; says whether it is. */
export function adopt(branch: Branch, node: Node, from: number, to: number): boolean {
  if (branch.node === node) return true
  if (!branch.node.sameMarkup(node)) return false
  const { row } = branch
  if (node.inlineContent) {
    if (!branch.node.content.eq(node.content)) return false
    let offset = 0
    for (const piece of row) {
      const inside = piece instanceof Words ? null : node.nodeAt(offset)
      if (inside && !(piece instanceof Words)) {
        if (piece instanceof Inert) piece.node = inside
        else adopt(piece, inside, 0, inside.content.size)
      }
      offset += piece.size
    }
  } else {
    if (row.length !== node.childCount) return false
    let { index, offset } = row.at(Math.max(from, 0))
    // What ends where the change begins may have been joined with it.
    for (let piece = row.get(index); piece && offset <= to; piece = row.get(index)) {
      const child = node.child(index)
      if (piece instanceof Branch) {
        const start = offset + 1
        if (!adopt(piece, child, from - start, to - start)) return false
      } else if (piece instanceof Inert) {
        if (!piece.node.eq(child)) return false
        piece.node = child
      }
      offset += piece.size
      index += 1
    }
  }
  branch.node = node
  return true
}
