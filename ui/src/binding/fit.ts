/**
 * Repairs in view: how children that are stored can be shown where the schema allows them.
 *
 * Two edits, each valid, can leave a list without items, a toggle with two titles or a cell outside of its row. Nothing of it is
 * deleted and nothing written: what is missing is filled in, what stands in a wrong place gets around it what it needs there, and
 * both exist in the view only. What fits nowhere is shown inert. Pure: it makes pieces and never touches a shared type.
 */
import { type ContentMatch, Fragment, type Node, type NodeType } from '@tiptap/pm/model'
import { marksOf } from './marks'
import { Branch, Inert, lengthOfRun, type Piece, type Run, Words } from './pieces'
import { attrsOf, BLOCK, INLINE } from './unknown'

/** Children that do not belong here, in what they need around them. */
interface Wrapped {
  kinds: readonly NodeType[]
  match: ContentMatch
  pieces: Piece[]
}

/** Returns the pieces that show these ones in a node of this kind, in order; null if it cannot hold them. */
export function fitted(type: NodeType, pieces: readonly Piece[]): Piece[] | null {
  return type.inlineContent ? fitLine(type, pieces) : fitBlocks(type, pieces)
}

/** Returns the content of a node of this kind that consists of these pieces. */
export function contentOf(type: NodeType, pieces: readonly Piece[]): Fragment {
  return Fragment.fromArray(
    pieces.flatMap((piece) => (piece instanceof Words ? textOf(type, piece.runs) : [piece.node])),
  )
}

/** Returns the nodes of runs of text in a node of this kind. */
export function textOf(parent: NodeType, runs: readonly Run[]): Node[] {
  const { schema } = parent
  return runs.map(({ insert, attributes }) => {
    if (typeof insert === 'string')
      return schema.text(insert, parent.allowedMarks(marksOf(schema, attributes)))
    const stored = { kind: 'text', text: JSON.stringify(insert) ?? '', marks: attributes }
    return schema.node(INLINE, { name: 'embed', text: stored.text, stored })
  })
}

/** Returns the runs between two places of a text. */
export function cut(runs: readonly Run[], from: number, to: number): Run[] {
  const found: Run[] = []
  let at = 0
  for (const run of runs) {
    const [start, end] = [Math.max(from - at, 0), Math.min(to - at, lengthOfRun(run))]
    if (start < end)
      found.push(typeof run.insert === 'string' ? { ...run, insert: run.insert.slice(start, end) } : run)
    at += lengthOfRun(run)
  }
  return found
}

function fitLine(type: NodeType, pieces: readonly Piece[]): Piece[] | null {
  let match: ContentMatch | null = type.contentMatch
  const placed: Piece[] = []
  for (const piece of pieces) {
    if (piece instanceof Words) {
      for (const run of piece.runs)
        match = match?.matchType(kind(type, typeof run.insert === 'string' ? 'text' : INLINE)) ?? null
      placed.push(piece)
    } else {
      const shown: Piece =
        piece instanceof Branch && match?.matchType(piece.node.type) ? piece : inert(piece, type, INLINE)
      match = match?.matchType(shown.node.type) ?? null
      placed.push(shown)
    }
    if (!match) return null
  }
  return match?.validEnd ? placed : null
}

function fitBlocks(type: NodeType, pieces: readonly Piece[]): Piece[] | null {
  const placed: Piece[] = []
  let match = type.contentMatch
  let wrapped: Wrapped | null = null
  const close = () => {
    if (wrapped) placed.push(wrap(wrapped))
    wrapped = null
  }
  for (const piece of pieces) {
    if (piece instanceof Words && piece.size === 0) continue
    const next = piece instanceof Words ? null : match.matchType(piece.node.type)
    if (next) {
      close()
      placed.push(piece)
      match = next
      continue
    }
    const found = place(piece, type, match, wrapped)
    if (!found) return null
    if (found.into) {
      found.into.pieces.push(found.piece)
      found.into.match = found.match
      continue
    }
    close()
    placed.push(...found.before)
    match = found.match
    if (!found.kinds) placed.push(found.piece)
    else wrapped = { kinds: found.kinds, match: found.inside as ContentMatch, pieces: [found.piece] }
  }
  close()
  const end = match.fillBefore(Fragment.empty, true)
  return end && [...placed, ...filled(end)]
}

interface Place {
  piece: Piece
  /** What can follow it here; inside of what was put around earlier ones, if it goes in there. */
  match: ContentMatch
  before: Piece[]
  into?: Wrapped
  kinds?: readonly NodeType[]
  inside?: ContentMatch | null
}

/** Finds a place for a piece: here, with those before it, behind something that is filled in, or in something around it. */
function place(piece: Piece, parent: NodeType, here: ContentMatch, wrapped: Wrapped | null): Place | null {
  const filling = here.validEnd ? null : here.defaultType
  const behind = filling && here.matchType(filling)
  for (const shape of shapes(piece, parent)) {
    const type = shape instanceof Words ? kind(parent, 'text') : shape.node.type
    const direct = here.matchType(type)
    if (direct) return { piece: shape, match: direct, before: [] }
    const along = wrapped?.match.matchType(type)
    if (wrapped && along) return { piece: shape, match: along, before: [], into: wrapped }
    const fill = shape instanceof Words ? null : here.fillBefore(Fragment.from(shape.node))
    const after = fill && here.matchFragment(fill)?.matchType(type)
    if (fill && after) return { piece: shape, match: after, before: filled(fill) }
    for (const match of [here, behind]) {
      const [outer, ...inner] = match?.findWrapping(type) ?? []
      const next = outer && match?.matchType(outer)
      if (!outer || !next) continue
      const before = match === here || !filling ? [] : filled(Fragment.from(filling.createAndFill()))
      const kinds = [outer, ...inner]
      return {
        piece: shape,
        match: next,
        before,
        kinds,
        inside: kinds.at(-1)?.contentMatch.matchType(type) ?? null,
      }
    }
  }
  return null
}

/** Returns as what a piece can be shown among blocks, best first. */
function* shapes(piece: Piece, parent: NodeType): Generator<Piece> {
  if (!(piece instanceof Inert)) yield piece
  if (piece instanceof Words) return
  yield inert(piece, parent, BLOCK)
  yield inert(piece, parent, INLINE)
}

/** Returns a branch of the view around pieces. */
function wrap({ kinds, match, pieces }: Wrapped): Branch {
  let inside = [...pieces, ...filled(match.fillBefore(Fragment.empty, true) ?? Fragment.empty)]
  let made: Branch | null = null
  for (const type of [...kinds].reverse()) {
    if (made) {
      const end = type.contentMatch.matchType(made.node.type)?.fillBefore(Fragment.empty, true)
      inside = [made, ...filled(end ?? Fragment.empty)]
    }
    made = new Branch(null, type.create(null, contentOf(type, inside)), inside)
  }
  return made as Branch
}

/** Returns branches of the view for nodes that were filled in. */
function filled(nodes: Fragment): Branch[] {
  return nodes.content.map((node) => new Branch(null, node, filled(node.content)))
}

function inert(piece: Branch | Inert, parent: NodeType, as: string): Inert {
  if (piece instanceof Inert && piece.node.type.name === as) return piece
  const type = piece.type ?? null
  if (!type) throw new TypeError('what only the view has is never inert')
  return new Inert(type, parent.schema.node(as, piece instanceof Inert ? piece.node.attrs : attrsOf(type)))
}

function kind({ schema }: NodeType, name: string): NodeType {
  return schema.nodes[name] as NodeType
}
