/**
 * The document as the shared types say it is, kept up with every change of them, whoever made it.
 *
 * The one idea: for each changed type the same change is made as a step in the document and in the pieces, so that after
 * every step the pieces' sizes are the document's. Nothing is looked at that did not change. It never writes.
 */
import { Fragment, type Node, type Schema, Slice } from '@tiptap/pm/model'
import { AttrStep, ReplaceStep, type Transform } from '@tiptap/pm/transform'
import type * as Y from 'yjs'
import { adopt } from './adopt'
import { cut, textOf } from './fit'
import { type Branch, Inert, isIn, ownerOf, type Piece, positionOf, type Shared, Words } from './pieces'
import { Reader, runsOf } from './read'
import { Spots } from './spots'
import { remark, replaceBlocks, replaceLine } from './steps'
import { isKnown, nameOf } from './unknown'

/** Branches whose children are others now; `true` where they must all be looked at. */
type Lists = Map<Branch, boolean>

/** A document and the shared types that it shows. */
export class Mirror {
  /** The whole document. */
  root: Branch
  #reader: Reader

  constructor(
    readonly type: Y.XmlFragment,
    readonly schema: Schema,
  ) {
    this.#reader = new Reader(schema)
    this.root = this.#reader.root(type)
  }

  /** The document as it is shown. */
  get doc(): Node {
    return this.root.node
  }

  /** Reads everything anew. */
  reset(): void {
    this.#reader = new Reader(this.schema)
    this.root = this.#reader.root(this.type)
  }

  /** Returns the piece that shows a shared type, or the one that it is in. */
  shown(type: Shared): Piece | null {
    for (let one: Shared | null = type; one; one = (one._item?.parent ?? null) as Shared | null) {
      if (one === this.type) return this.root
      const piece = this.#reader.known(one)
      if (piece && isIn(this.root, piece)) return piece
    }
    return null
  }

  /** Takes over what a transaction changed: `out` begins with this document and ends with the new one. */
  absorb(change: Y.Transaction, out: Transform): void {
    const lists: Lists = new Map()
    const touched = new Set<Branch>()
    for (const [type, keys] of change.changed) {
      const piece = type._item?.deleted ? null : this.shown(type)
      if (!piece) continue
      if (piece instanceof Inert) this.#renew(piece, lists)
      else if ((piece.type as Shared | null) !== type) lists.set(piece as Branch, true)
      else if (piece instanceof Words) this.#text(piece, change, out, lists, touched)
      else {
        if (keys.has(null) && !lists.has(piece)) lists.set(piece, false)
        if ([...keys].some((key) => key !== null)) this.#attributes(piece, out, lists, touched)
      }
    }
    for (const branch of touched) this.#refresh(branch, out.doc)
    const spots = [...lists.values()].includes(false) ? new Spots(change, this.#reader) : null
    while (lists.size > 0) {
      // Outer ones first: what goes with them need not be looked at.
      const outerFirst = [...lists]
        .map((one) => [depthOf(one[0]), ...one] as const)
        .sort(([one], [other]) => one - other)
      lists.clear()
      for (const [, branch, isWhole] of outerFirst) {
        if (!isIn(this.root, branch)) continue
        if (!isWhole && spots?.apply(branch, out)) this.#refresh(branch, out.doc)
        else this.#refit(branch, out, lists)
      }
    }
    if (out.doc.content.size !== this.root.row.size) throw new RangeError('the pieces are not the document')
  }

  /** Returns what is stored of a node that is shown, and not known here. */
  beyond(node: Node): Record<string, unknown> {
    return this.#reader.beyond(node)
  }

  /** Takes over the nodes of a document that is the same; says whether it is, between two positions. */
  adopt(doc: Node, from = 0, to = doc.content.size): boolean {
    return adopt(this.root, doc, from, to)
  }

  #text(words: Words, change: Y.Transaction, out: Transform, lists: Lists, touched: Set<Branch>): void {
    const [runs, parent] = [runsOf(words.type), words.parent as Branch]
    if ([...runs, ...words.runs].some(({ insert }) => typeof insert !== 'string')) {
      this.#renew(words, lists)
      return
    }
    let [position, index] = [positionOf(words), 0]
    const nodes = (length: number) => textOf(parent.node.type, cut(runs, index, index + length))
    for (const { retain, insert, delete: gone, attributes } of deltaOf(words.type, change)) {
      if (gone !== undefined) out.step(new ReplaceStep(position, position + gone, Slice.empty))
      const length = retain ?? (typeof insert === 'string' ? insert.length : 0)
      if (insert !== undefined)
        out.step(new ReplaceStep(position, position, new Slice(Fragment.fromArray(nodes(length)), 0, 0)))
      else if (attributes) remark(out, position, nodes(length))
      position += length
      index += length
    }
    words.become(runs)
    touched.add(parent)
    // Around an empty text the view puts nothing.
    if (!parent.type && words.size === 0) lists.set(ownerOf(words) as Branch, true)
  }

  #attributes(branch: Branch, out: Transform, lists: Lists, touched: Set<Branch>): void {
    const { node, type } = branch
    try {
      const { attrs } = node.type.create((type as Y.XmlElement).getAttributes())
      for (const [name, value] of Object.entries(attrs))
        if (JSON.stringify(value) !== JSON.stringify(node.attrs[name]))
          out.step(new AttrStep(positionOf(branch), name, value))
      touched.add(branch)
    } catch {
      this.#renew(branch, lists)
    }
  }

  /** Lets what a piece shows be read anew, in the branch that it is written in. */
  #renew(piece: Piece, lists: Lists): void {
    if (piece.type) this.#reader.forget(piece.type)
    lists.set(ownerOf(piece) as Branch, true)
  }

  /** Shows the children of a branch as they are now. */
  #refit(branch: Branch, out: Transform, lists: Lists): void {
    const isStill = (piece: Piece) => isIn(this.root, piece) && !isMisplaced(this.schema, piece)
    const pieces = this.#reader.children(branch.type as Y.XmlFragment, branch.node.type, isStill)
    if (!pieces) {
      this.#renew(branch, lists)
      return
    }
    if (branch.node.type.inlineContent) replaceLine(branch, pieces, out)
    else replaceBlocks(branch, pieces, out)
    this.#refresh(branch, out.doc)
  }

  /** Gives a branch, and those that it is in, the nodes that they are now. */
  #refresh(branch: Branch, doc: Node): void {
    const { parent } = branch
    if (!parent) {
      branch.node = doc
      return
    }
    this.#refresh(parent, doc)
    const { index, offset } = parent.row.locate(branch)
    const node = parent.node.type.inlineContent ? parent.node.nodeAt(offset) : parent.node.child(index)
    if (node) branch.node = node
  }
}

/** Says whether a piece is inert only because of where it stands. */
function isMisplaced(schema: Schema, piece: Piece): boolean {
  return piece instanceof Inert && isKnown(schema, nameOf(piece.type) ?? '')
}

function depthOf(branch: Branch): number {
  return branch.parent ? depthOf(branch.parent) + 1 : 0
}

/** Returns what a transaction did to a text. */
function deltaOf(text: Y.XmlText, change: Y.Transaction): Y.YEvent<Y.XmlText>['delta'] {
  // biome-ignore lint/suspicious/noExplicitAny: Yjs keeps the events of all kinds of types here
  const events = change.changedParentTypes.get(text as Y.AbstractType<any>) ?? []
  return events.find(({ target }) => target === text)?.delta ?? []
}
