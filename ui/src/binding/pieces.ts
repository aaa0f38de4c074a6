/**
 * What the editor shows, piece by piece: every piece knows the shared type it shows and where it stands.
 *
 * The pieces are the one bridge between the two trees. A branch is a node with pieces in it; words are a shared text; an inert
 * piece stands for whatever this version does not know. A branch without a shared type exists in the view only: it makes
 * the document one that the schema allows, and nobody has written it yet.
 */
import type { Node } from '@tiptap/pm/model'
import type * as Y from 'yjs'
import { Row, type Standing } from './row'

/** A shared type, of whatever kind. */
// biome-ignore lint/suspicious/noExplicitAny: what its events are does not matter here
export type Shared = Y.AbstractType<any>

/** A run of shared text: letters or something embedded, and what is said of it. */
export interface Run {
  insert: unknown
  attributes: Record<string, unknown>
}

/** One piece of what is shown. */
export type Piece = Branch | Words | Inert

abstract class Placed implements Standing {
  /** The branch that it stands in. */
  parent: Branch | null = null
  home: Standing['home'] = null
  abstract readonly size: number
}

/** A node that the schema knows, or one that only the view has. */
export class Branch extends Placed {
  readonly row: Row<Piece>
  /** How many of the pieces right in it exist in the view only. */
  made = 0

  constructor(
    readonly type: Y.XmlFragment | null,
    public node: Node,
    pieces: readonly Piece[],
  ) {
    super()
    this.row = new Row(pieces)
    this.#hold(pieces)
  }

  get size(): number {
    return this.node.isLeaf ? 1 : this.row.size + 2
  }

  /** Takes pieces out and puts others in their place. */
  splice(from: number, count: number, put: readonly Piece[]): void {
    const before = this.row.size
    for (const piece of this.row.slice(from, from + count)) {
      if (piece.parent === this) piece.parent = null
      if (!piece.type) this.made -= 1
    }
    this.row.splice(from, count, put)
    this.#hold(put)
    grown(this, this.row.size - before)
  }

  #hold(pieces: readonly Piece[]): void {
    for (const piece of pieces) {
      piece.parent = this
      if (!piece.type) this.made += 1
    }
  }
}

/** A shared text. */
export class Words extends Placed {
  #size: number

  constructor(
    readonly type: Y.XmlText,
    public runs: Run[],
  ) {
    super()
    this.#size = lengthOf(runs)
  }

  get size(): number {
    return this.#size
  }

  /** The text has become another. */
  become(runs: Run[]): void {
    const by = lengthOf(runs) - this.#size
    this.runs = runs
    this.#size += by
    grown(this, by)
  }
}

/** Something that is shown and never written: unknown, or where it may not be. */
export class Inert extends Placed {
  readonly size = 1

  constructor(
    readonly type: Shared,
    public node: Node,
  ) {
    super()
  }
}

/** Returns the position before a piece. */
export function positionOf(piece: Piece): number {
  return piece.parent ? startOf(piece.parent) + piece.parent.row.locate(piece).offset : 0
}

/** Returns the position at which the content of a branch begins. */
export function startOf(branch: Branch): number {
  return branch.parent ? positionOf(branch) + 1 : 0
}

/** Returns the branch of a shared type that a piece is written in. */
export function ownerOf(piece: Piece): Branch | null {
  let branch = piece.parent
  while (branch && branch.type === null) branch = branch.parent
  return branch
}

/** Returns the last shared type that a piece shows, if any. */
export function lastType(piece: Piece): Shared | null {
  if (piece.type) return piece.type
  const inside = piece instanceof Branch ? piece.row.slice(0).reverse() : []
  for (const one of inside) {
    const found = lastType(one)
    if (found) return found
  }
  return null
}

/** Returns the pieces of shared types that a piece shows: itself, or those that the view put it around. */
export function shownBy(piece: Piece): Piece[] {
  return piece instanceof Branch && piece.type === null ? [...piece.row].flatMap(shownBy) : [piece]
}

/** Says that a piece is in a tree whose uppermost branch is this one. */
export function isIn(root: Branch, piece: Piece): boolean {
  let one: Piece | null = piece
  while (one && one !== root) one = one.home ? one.parent : null
  return one === root
}

/** Returns the length of a run, in positions. */
export function lengthOfRun({ insert }: Run): number {
  return typeof insert === 'string' ? insert.length : 1
}

function lengthOf(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + lengthOfRun(run), 0)
}

function grown(piece: Piece, by: number): void {
  if (by === 0) return
  for (let one: Piece = piece; one.parent; one = one.parent) one.parent.row.resized(one, by)
}
