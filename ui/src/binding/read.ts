/**
 * From shared types to pieces: what is stored, as the editor shows it. It only reads.
 *
 * A type that is known and can hold what is in it becomes a branch, everything else an inert piece. It remembers which piece shows
 * which type, as long as the type is there.
 */
import type { Attrs, Fragment, Node, NodeType, Schema } from '@tiptap/pm/model'
import * as Y from 'yjs'
import { contentOf, fitted } from './fit'
import { Branch, Inert, type Piece, type Run, type Shared, Words } from './pieces'
import { attrsOf, BLOCK, isKnown } from './unknown'

/** Makes pieces of shared types. */
export class Reader {
  readonly #pieces = new WeakMap<Shared, Piece>()
  /** Attributes that are stored and not known, by the values of the known ones: those stay one object while nothing changes them. */
  readonly #beyond = new WeakMap<Attrs, Record<string, unknown>>()

  constructor(readonly schema: Schema) {}

  /** Returns the piece of a shared type that was read before, wherever that is now. */
  known(type: Shared): Piece | undefined {
    return this.#pieces.get(type)
  }

  /** Lets a type be read anew the next time. */
  forget(type: Shared): void {
    this.#pieces.delete(type)
  }

  /** Returns the attributes that are stored of a node and not known here. */
  beyond(node: Node): Record<string, unknown> {
    return this.#beyond.get(node.attrs) ?? {}
  }

  /** Returns the root of the document that a fragment stores. */
  root(type: Y.XmlFragment): Branch {
    const { topNodeType } = this.schema
    return this.#branch(type, topNodeType, null) as Branch
  }

  /** Returns what shows a shared type. */
  read(type: Shared): Piece {
    const piece = this.#read(type)
    this.#pieces.set(type, piece)
    return piece
  }

  /** Returns what shows the children of a shared type in a node of this kind; null if it cannot hold them. */
  children(
    type: Y.XmlFragment,
    parent: NodeType,
    isStill: (piece: Piece) => boolean = () => false,
  ): Piece[] | null {
    const pieces = type.toArray().map((child) => {
      const known = this.#pieces.get(child as Shared)
      return known && isStill(known) ? known : this.read(child as Shared)
    })
    const placed = fitted(parent, pieces)
    for (const piece of placed ?? []) if (piece instanceof Inert) this.#pieces.set(piece.type, piece)
    return placed
  }

  #read(type: Shared): Piece {
    if (type instanceof Y.XmlText) return new Words(type, runsOf(type))
    if (type instanceof Y.XmlElement && isKnown(this.schema, type.nodeName)) {
      const kind = this.schema.nodes[type.nodeName] as NodeType
      const branch = this.#branch(type, kind, type.getAttributes())
      if (branch) return branch
    }
    return new Inert(type, this.schema.node(BLOCK, attrsOf(type)))
  }

  #branch(type: Y.XmlFragment, kind: NodeType, attrs: Attrs | null): Branch | null {
    const pieces = this.children(type, kind)
    if (!pieces) return null
    try {
      const node = kind.create(attrs, contentOf(kind, pieces))
      for (const name in attrs)
        if (!(name in node.attrs))
          this.#beyond.set(node.attrs, { ...this.#beyond.get(node.attrs), [name]: attrs[name] })
      return new Branch(type, node, pieces)
    } catch {
      return null // it lacks an attribute that it must have
    }
  }
}

/** Returns what some blocks look like, without binding anything to them. */
export function glance(schema: Schema, blocks: readonly Shared[]): Fragment {
  const type = schema.topNodeType
  const reader = new Reader(schema)
  return contentOf(
    type,
    fitted(
      type,
      blocks.map((block) => reader.read(block)),
    ) ?? [],
  )
}

/** Returns the runs of a shared text. */
export function runsOf(text: Y.XmlText): Run[] {
  return text
    .toDelta()
    .map(({ insert, attributes }: { insert: unknown; attributes?: Record<string, unknown> }) => ({
      insert,
      attributes: attributes ?? {},
    }))
}
