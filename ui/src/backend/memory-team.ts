/** What the devices of a team share in memory: the documents, their places, and who listens. */
import * as Y from 'yjs'
import type { BackendEvent } from './backend'
import { MemoryPlaces } from './memory-places'

/** A device of the team, as the others see it. */
export interface Member {
  /** Tells the window of this device. */
  happen(event: BackendEvent): void
}

/** The documents that several backends share. */
export class MemoryTeam<M extends Member = Member> {
  readonly documents = new Map<string, Y.Doc>()
  /** The titles of documents that nobody has opened yet; a document of many is cheap so. */
  readonly #unopened = new Map<string, string>()
  readonly places = new MemoryPlaces()
  readonly members = new Set<M>()

  /** Puts a document in, last under its parent, as if it had been there before. */
  seed(
    id: string,
    title: string,
    fill: (content: Y.XmlFragment) => void = () => {},
    parent: string | null = null,
  ): Y.Doc {
    const doc = new Y.Doc({ gc: false })
    doc.transact(() => {
      doc.getText('title').insert(0, title)
      fill(doc.getXmlFragment('default'))
    })
    this.documents.set(id, doc)
    this.places.put(id, parent, 'last')
    return doc
  }

  /** Puts a document with nothing but a title in. */
  shelve(id: string, title: string, parent: string | null = null): void {
    this.#unopened.set(id, title)
    this.places.put(id, parent, 'last')
  }

  /** Returns a document. */
  find(id: string): Y.Doc | undefined {
    const title = this.#unopened.get(id)
    if (title !== undefined) {
      this.#unopened.delete(id)
      const doc = new Y.Doc({ gc: false })
      doc.getText('title').insert(0, title)
      this.documents.set(id, doc)
    }
    return this.documents.get(id)
  }

  /** Returns a document's title. */
  titleOf(id: string): string {
    return this.#unopened.get(id) ?? this.documents.get(id)?.getText('title').toString() ?? ''
  }

  /** Says whether there is such a document. */
  has(id: string): boolean {
    return this.#unopened.has(id) || this.documents.has(id)
  }

  /** Returns the ids of all documents. */
  ids(): string[] {
    return [...this.documents.keys(), ...this.#unopened.keys()]
  }

  /** Returns the documents that mention one. */
  linking(id: string): string[] {
    return [...this.documents.keys()].filter((other) =>
      this.documents.get(other)?.getXmlFragment('default').toString().includes(`id="${id}"`),
    )
  }

  /** Takes everything out. */
  clear(): void {
    this.documents.clear()
    this.#unopened.clear()
    this.places.clear()
  }

  /** Tells every device. */
  tell(event: BackendEvent): void {
    for (const member of this.members) member.happen(event)
  }

  /** Tells every device that these rows changed. */
  changed(...documents: string[]): void {
    this.tell({ kind: 'places', documents })
  }
}
