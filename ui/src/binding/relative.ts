/**
 * Places in the document that move with the text around them: the positions that editors send each other as carets.
 *
 * In words a place is the letter before it; elsewhere it is the block behind it, or the end of what it is in. That is what other
 * Tiptap editors send and read.
 */
import * as Y from 'yjs'
import type { Mirror } from './mirror'
import { Branch, ownerOf, type Piece, positionOf, type Shared, startOf, Words } from './pieces'

/** Returns the place of a position. */
export function relativeOf({ root, type }: Mirror, position: number): Y.RelativePosition {
  let [branch, rest]: [Branch, number] = [root, Math.max(position, 0)]
  for (;;) {
    const { index, offset } = branch.row.at(rest)
    const [piece, before] = [branch.row.get(index), branch.row.get(index - 1)]
    const inside = rest - offset
    if (inside === 0 && before instanceof Words) return inText(before, before.size)
    if (piece instanceof Words) return inText(piece, inside)
    if (piece instanceof Branch && inside > 0 && !piece.node.isLeaf) {
      ;[branch, rest] = [piece, inside - 1]
      continue
    }
    const next = firstType(branch, index)
    const shared = branch.type ?? ownerOf(branch)?.type ?? type
    const id = next?._item?.parent === shared ? next._item.id : null
    return new Y.RelativePosition(
      shared._item?.id ?? null,
      shared._item ? null : Y.findRootTypeKey(shared),
      id,
    )
  }
}

/** Returns the position of a place; null where that is gone, or in another document. */
export function positionAt(mirror: Mirror, place: unknown): number | null {
  const { doc } = mirror.type
  if (!doc || !place || typeof place !== 'object') return null
  const relative = place instanceof Y.RelativePosition ? place : Y.createRelativePositionFromJSON(place)
  const found = Y.createAbsolutePositionFromRelativePosition(relative, doc)
  if (!found || found.type._item?.deleted) return null
  const piece = mirror.shown(found.type)
  if (!piece) return null
  if (piece instanceof Words) return positionOf(piece) + Math.min(found.index, piece.size)
  if (!(piece instanceof Branch) || piece.type !== found.type) return positionOf(piece)
  const child = (found.type as Y.XmlFragment).get(found.index) as Shared | undefined
  const shown = child && mirror.shown(child)
  return shown && shown !== piece ? positionOf(shown) : startOf(piece) + piece.row.size
}

function inText(words: Words, index: number): Y.RelativePosition {
  return Y.createRelativePositionFromTypeIndex(words.type, index, -1)
}

/** Returns the first shared type that is shown from a number on. */
function firstType(branch: Branch, from: number): Shared | null {
  const first = (piece: Piece): Shared | null => {
    if (piece.type || !(piece instanceof Branch)) return piece.type
    for (const inside of piece.row) {
      const found = first(inside)
      if (found) return found
    }
    return null
  }
  for (const piece of branch.row.slice(from)) {
    const found = first(piece)
    if (found) return found
  }
  return null
}
