/** The tree of one device in memory: what it asks of the team's places, and what is its person's own. */
import * as Y from 'yjs'
import { write } from '../document/title'
import { type Backend, Problem } from './backend'
import type { Level, PlaceRow, RefusedRecord, SettleRecord, Spot, TreeView } from './bindings'
import { orderText } from './memory-places'
import type { Member, MemoryTeam } from './memory-team'

/** So many documents are remembered as opened last. */
const RECENT = 20

/** When everything in memory was changed last. */
const CHANGED = Date.UTC(2026, 10, 22, 9, 30)

/** The part of the backend that is about the tree. */
type Tree = Pick<
  Backend,
  | 'level'
  | 'places'
  | 'path'
  | 'create'
  | 'move'
  | 'rename'
  | 'setIcon'
  | 'trash'
  | 'setFavourite'
  | 'recent'
  | 'rememberTree'
  | 'refusedDocuments'
  | 'refusedRecords'
  | 'settleRecord'
>

/** One device's view of the tree. */
export abstract class MemoryTree<M extends Member> implements Tree {
  /** How often the tree was asked for rows. */
  reads = 0
  /** When set, every change of the tree fails with it. */
  stopping: Problem | null = null
  /** What the person saw of the tree, as it was written down. */
  remembered: TreeView = { expanded: [], scroll: 0 }
  #favourites = new Set<string>()
  #recent: string[] = []
  #refusals: RefusedRecord[] = []
  #next = 1

  constructor(
    readonly team: MemoryTeam<M>,
    readonly me: { id: string; name: string },
  ) {}

  /** Why the relay refused changes of a document's text. */
  protected abstract whyRefused(document: string): string | null

  async level(level: Level, after: Spot | null, limit: number): Promise<PlaceRow[]> {
    this.reads += 1
    const ids = this.#levelOf(level)
    const from = after === null ? 0 : ids.indexOf(after.id) + 1
    return ids.slice(from, from + limit).map((id) => this.#row(id))
  }

  async places(documents: string[]): Promise<PlaceRow[]> {
    this.reads += 1
    return documents.filter((id) => this.team.has(id)).map((id) => this.#row(id))
  }

  async path(document: string): Promise<PlaceRow[]> {
    this.reads += 1
    return this.team.places.path(document).map((id) => this.#row(id))
  }

  async create(parent: string | null, after: string | null): Promise<string> {
    this.#mayChange()
    const id = this.newId()
    this.team.documents.set(id, new Y.Doc({ gc: false }))
    this.team.places.move(id, parent, after ?? 'last')
    this.#changed(id, parent)
    return id
  }

  async move(document: string, parent: string | null, after: string): Promise<void> {
    this.#mayChange()
    const before = this.team.places.get(document).parent
    this.team.places.move(document, parent, after)
    this.#changed(document, before, parent)
  }

  async rename(document: string, title: string): Promise<void> {
    this.#mayChange()
    const doc = this.team.find(document)
    if (!doc) throw new Problem('not_found', document)
    const hear = (update: Uint8Array) => this.team.tell({ kind: 'update', document, update })
    doc.once('update', hear)
    write(doc.getText('title'), title)
    doc.off('update', hear)
    this.team.changed(document)
  }

  async setIcon(document: string, icon: string): Promise<void> {
    this.#mayChange()
    this.team.places.set(document, { icon })
    this.team.changed(document)
  }

  async trash(document: string, on: boolean): Promise<void> {
    this.#mayChange()
    const { places } = this.team
    const { parent } = places.get(document)
    places.set(document, { trashed: on })
    // What it lay under may be in the trash itself.
    if (!on && this.#isInTrash(parent)) places.put(document, null, 'last')
    this.#changed(document, parent)
  }

  async setFavourite(document: string, on: boolean): Promise<void> {
    if (on) this.#favourites.add(document)
    else this.#favourites.delete(document)
    this.happen({ kind: 'places', documents: [document] })
  }

  async recent(): Promise<PlaceRow[]> {
    return this.#recent.filter((id) => this.team.has(id)).map((id) => this.#row(id))
  }

  async rememberTree(view: TreeView): Promise<void> {
    this.remembered = view
  }

  async refusedDocuments(): Promise<PlaceRow[]> {
    const ids = this.team.ids().filter((id) => this.whyRefused(id) !== null)
    return ids.map((id) => this.#row(id))
  }

  async refusedRecords(): Promise<RefusedRecord[]> {
    return this.#refusals.map((record) => ({
      ...record,
      title: record.document ? this.team.titleOf(record.document) : '',
    }))
  }

  async settleRecord(row: number, how: SettleRecord): Promise<void> {
    const record = this.#refusals.find((refusal) => refusal.row === row)
    if (!record) return
    if (how === 'retry' && record.document) await this.move(record.document, record.parent, 'last')
    this.#refusals = this.#refusals.filter((other) => other !== record)
    this.happen({ kind: 'places', documents: record.document ? [record.document] : [] })
  }

  abstract happen(event: Parameters<Member['happen']>[0]): void

  /** Lets the relay refuse a move that this person made while they were offline. */
  refuseMove(document: string, parent: string | null, code: string): void {
    this.#refusals.push({ row: this.#refusals.length + 1, code, document, title: '', parent })
    this.happen({ kind: 'places', documents: [document] })
  }

  /** Says that a document was opened. */
  protected visited(document: string): void {
    this.#recent = [document, ...this.#recent.filter((id) => id !== document)].slice(0, RECENT)
  }

  protected newId(): string {
    return `document-${this.#next++}-${this.me.id}`
  }

  #levelOf(level: Level): string[] {
    const { places } = this.team
    if (level === 'favourites') return [...this.#favourites].filter((id) => !this.#isInTrash(id))
    if (level === 'trash')
      return this.team
        .ids()
        .filter((id) => places.get(id).trashed)
        .reverse()
    if (level === 'recovered') return this.team.ids().filter((id) => !places.isReached(id))
    return places.below(level.under)
  }

  #row(id: string): PlaceRow {
    const placed = this.team.places.get(id)
    return {
      id,
      parent: placed.parent,
      order: orderText(placed.order),
      title: this.team.titleOf(id),
      icon: placed.icon,
      children: this.team.places.count(id),
      trashed: placed.trashed,
      recovered: !this.team.places.isReached(id),
      favourite: this.#favourites.has(id),
      refused: this.whyRefused(id),
      updated_at: CHANGED,
    }
  }

  #isInTrash(id: string | null): boolean {
    const { places } = this.team
    const path = id === null ? [] : places.path(id)
    return path.some((above) => places.get(above).trashed)
  }

  #mayChange(): void {
    if (this.stopping) throw this.stopping
  }

  #changed(...ids: (string | null)[]): void {
    this.team.changed(...ids.filter((id) => id !== null))
  }
}
