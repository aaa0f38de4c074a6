/**
 * Blocks that came or went in a long list of others, found without looking at the others.
 *
 * A transaction says which shared types are new and which were deleted; each is put or taken where it is. That is possible where
 * any number of such blocks may stand in any order behind the first one, and the first one stays; everything else is read anew.
 */
import { type ContentMatch, Fragment, Slice } from '@tiptap/pm/model'
import { ReplaceStep, type Transform } from '@tiptap/pm/transform'
import * as Y from 'yjs'
import { type Branch, type Inert, type Piece, positionOf, type Shared, startOf, Words } from './pieces'
import type { Reader } from './read'

/** Where more than this came and went, everything is read anew: that is no more work then. */
const MOST = 64

/** What came and what went, by the branch that it is in. */
export class Spots {
  readonly #came = new Map<Shared, Y.Item[]>()
  readonly #went = new Map<Branch, Piece[]>()

  constructor(
    change: Y.Transaction,
    private readonly reader: Reader,
  ) {
    for (const [client, end] of change.afterState) {
      const begin = change.beforeState.get(client) ?? 0
      if (begin === end) continue
      const structs = change.doc.store.clients.get(client) ?? []
      for (const struct of structs.slice(Y.findIndexSS(structs, begin)))
        if (
          struct instanceof Y.Item &&
          !struct.deleted &&
          struct.content instanceof Y.ContentType &&
          struct.parentSub === null
        )
          push(this.#came, struct.parent as Shared, struct)
    }
    Y.iterateDeletedStructs(change, change.deleteSet, (struct) => {
      if (!(struct instanceof Y.Item && struct.content instanceof Y.ContentType)) return
      const piece = reader.known(struct.content.type)
      if (piece?.home && piece.parent) push(this.#went, piece.parent, piece)
    })
  }

  /** Makes the changes of a branch, step by step; says whether it could. */
  apply(branch: Branch, out: Transform): boolean {
    const came = this.#came.get(branch.type as Shared) ?? []
    const went = this.#went.get(branch) ?? []
    const { inlineContent } = branch.node.type
    const first = inlineContent ? null : branch.row.get(0)
    if (!first || first instanceof Words || went.includes(first) || came.length + went.length > MOST)
      return false
    const match = branch.made === 0 ? branch.node.type.contentMatch.matchType(first.node.type) : null
    if (!match || !isLoop(match)) return false
    const pieces = came.map((item) => this.reader.read((item.content as Y.ContentType).type))
    if (pieces.some((piece) => piece instanceof Words || !match.matchType(piece.node.type))) return false
    const types = new Set(came.map((item) => (item.content as Y.ContentType).type as Shared))
    const isPlaced = (type: Shared | null) =>
      !!type && (types.has(type) || this.reader.known(type)?.parent === branch)
    // Whatever stands before everything else would be the first one.
    if (!came.every((item) => isPlaced(leftType(item)))) return false
    for (const piece of went) {
      const at = positionOf(piece)
      out.step(new ReplaceStep(at, at + piece.size, Slice.empty))
      branch.splice(branch.row.locate(piece).index, 1, [])
    }
    const waiting = new Map(came.map((item, index) => [item, pieces[index] as Branch | Inert]))
    for (const item of came) this.#put(branch, item, waiting, out)
    return true
  }

  #put(branch: Branch, item: Y.Item, waiting: Map<Y.Item, Branch | Inert>, out: Transform): void {
    const piece = waiting.get(item)
    const left = leftType(item)
    if (!piece || !left?._item) return
    waiting.delete(item)
    this.#put(branch, left._item, waiting, out)
    const before = this.reader.known(left) as Piece
    const { index, offset } = branch.row.locate(before)
    const at = startOf(branch) + offset + before.size
    out.step(new ReplaceStep(at, at, new Slice(Fragment.from(piece.node), 0, 0)))
    branch.splice(index + 1, 0, [piece])
  }
}

/** Returns the shared type before an item, null if it is the first. */
function leftType(item: Y.Item): Shared | null {
  let { left } = item
  while (left?.deleted) left = left.left
  return left?.content instanceof Y.ContentType ? left.content.type : null
}

/** Says whether all that can follow may follow in any number and order. */
function isLoop(match: ContentMatch): boolean {
  if (!match.validEnd) return false
  for (let edge = 0; edge < match.edgeCount; edge += 1) if (match.edge(edge).next !== match) return false
  return true
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const found = map.get(key)
  if (found) found.push(value)
  else map.set(key, [value])
}
