/**
 * The pieces of one branch in order, with their sizes: where a piece stands is found without walking its siblings.
 *
 * The one idea: the pieces lie in chunks that know their length and size, so ten thousand siblings are a hundred chunks to
 * add up and one to look into. It knows nothing of documents.
 */

/** What can stand in a row. */
export interface Standing {
  /** How many positions it takes. Whoever changes it says so with [`Row.resized`]. */
  readonly size: number
  /** The chunk that it stands in; the row's own business. */
  home: Chunk<Standing> | null
}

interface Chunk<P> {
  pieces: P[]
  size: number
}

/** A chunk with more pieces than this is cut into some with half as many. */
const MOST = 96

/** Pieces in order. */
export class Row<P extends Standing> {
  /** How many pieces there are. */
  length = 0
  /** How many positions they take together. */
  size = 0
  #chunks: Chunk<P>[] = []

  constructor(pieces: readonly P[] = []) {
    this.#chunks = chunks(pieces)
    this.length = pieces.length
    for (const { size } of this.#chunks) this.size += size
  }

  *[Symbol.iterator](): Generator<P> {
    for (const { pieces } of this.#chunks) yield* pieces
  }

  /** Returns the piece with this number. */
  get(index: number): P | undefined {
    const [chunk, inside] = this.#find(index)
    return this.#chunks[chunk]?.pieces[inside]
  }

  /** Returns the pieces from one number up to another. */
  slice(from: number, to = this.length): P[] {
    const found: P[] = []
    let [chunk, inside] = this.#find(from)
    while (found.length < to - from && chunk < this.#chunks.length) {
      const { pieces } = this.#chunks[chunk] as Chunk<P>
      found.push(...pieces.slice(inside, inside + to - from - found.length))
      chunk += 1
      inside = 0
    }
    return found
  }

  /** Returns a piece's number, and how many positions are before it. */
  locate(piece: P): { index: number; offset: number } {
    let [index, offset] = [0, 0]
    for (const chunk of this.#chunks) {
      if (chunk !== piece.home) {
        index += chunk.pieces.length
        offset += chunk.size
        continue
      }
      for (const other of chunk.pieces) {
        if (other === piece) return { index, offset }
        index += 1
        offset += other.size
      }
    }
    throw new RangeError('not in this row')
  }

  /** Returns the number of the piece that holds the position behind this many, and how many are before that piece. */
  at(position: number): { index: number; offset: number } {
    let [index, offset] = [0, 0]
    for (const chunk of this.#chunks) {
      if (offset + chunk.size <= position) {
        index += chunk.pieces.length
        offset += chunk.size
        continue
      }
      for (const piece of chunk.pieces) {
        if (offset + piece.size > position) return { index, offset }
        index += 1
        offset += piece.size
      }
    }
    return { index, offset }
  }

  /** Says that a piece became larger by this many positions. */
  resized(piece: P, by: number): void {
    if (!piece.home) return
    piece.home.size += by
    this.size += by
  }

  /** Takes pieces out and puts others in their place. */
  splice(from: number, count: number, put: readonly P[]): void {
    let [number, inside] = this.#find(from)
    let left = count
    for (let chunk = this.#chunks[number], at = inside; left > 0 && chunk; chunk = this.#chunks[number]) {
      const out = chunk.pieces.splice(at, left)
      left -= out.length
      for (const piece of out) {
        chunk.size -= piece.size
        this.size -= piece.size
        if (piece.home === chunk) piece.home = null // it may already stand in another row
      }
      this.length -= out.length
      if (chunk.pieces.length === 0) this.#chunks.splice(number, 1)
      else if (at > 0) [number, at] = [number + 1, 0]
      else break
    }
    if (put.length === 0) return
    ;[number, inside] = this.#find(from)
    const chunk = this.#chunks[number] ?? { pieces: [], size: 0 }
    const pieces = [...chunk.pieces.slice(0, inside), ...put, ...chunk.pieces.slice(inside)]
    this.#chunks.splice(number, 1, ...chunks(pieces))
    this.length += put.length
    for (const piece of put) this.size += piece.size
  }

  /** Returns the chunk of a piece's number, and its number there; behind the last one it is the last chunk's end. */
  #find(index: number): [chunk: number, inside: number] {
    let inside = index
    for (const [number, { pieces }] of this.#chunks.entries()) {
      if (inside < pieces.length || (number === this.#chunks.length - 1 && inside === pieces.length))
        return [number, inside]
      inside -= pieces.length
    }
    return [this.#chunks.length, 0]
  }
}

function chunks<P extends Standing>(pieces: readonly P[]): Chunk<P>[] {
  const length = pieces.length > MOST ? MOST / 2 : MOST
  const made: Chunk<P>[] = []
  for (let from = 0; from < pieces.length; from += length) {
    const chunk: Chunk<P> = { pieces: pieces.slice(from, from + length), size: 0 }
    for (const piece of chunk.pieces) {
      chunk.size += piece.size
      piece.home = chunk
    }
    made.push(chunk)
  }
  return made
}
