/**
 * The tree as the window has it: levels read when somebody looks, changes taken row by row, and what the person may do.
 *
 * Everything that is read comes through one queue, so that no answer is overtaken by a newer one. Nothing is drawn before
 * the disk has it: a move is seen when the replica says so, which is a moment later.
 */
import { type Backend, Problem } from '../backend/backend'
import type { Level, PlaceRow, RefusedRecord, TreeView } from '../backend/bindings'
import { Drag } from './drag.svelte'
import { flat, type Line, type Parent, Places } from './places'
import { type Move, shifted, type Way } from './steps'

/** Rows of a level that are read at once, so that something can be seen. */
const FIRST = 200
/** Rows that are read at a time after that. */
const REST = 2000
/** Milliseconds between two such pages. */
const PAUSE = 30
/** Milliseconds before everything is read anew again, while more changes than can be told one by one. */
const CALM = 1000
/** Milliseconds after which it is written down what the person sees. */
const SETTLED = 500
/** So many expanded rows are remembered. */
const REMEMBERED = 1000

/** Something that was just put into the trash, and can be taken out again. */
export interface Trashed {
  id: string
  title: string
}

/** The tree of the open workspace. */
export class TreeState {
  /** The tree as it is seen. */
  lines = $state.raw<Line[]>([])
  /** The person's favourites. */
  favourites = $state.raw<Line[]>([])
  /** What has no way to the top. */
  recovered = $state.raw<Line[]>([])
  /** What the relay refused of the tree. */
  refusals = $state.raw<RefusedRecord[]>([])
  /** What was put into the trash a moment ago. */
  trashed = $state.raw<Trashed | null>(null)
  /** What could not be done. */
  problem = $state.raw<Problem | null>(null)
  /** The first page is there. */
  ready = $state(false)
  /** How far the tree is scrolled, in pixels. */
  scroll = 0
  /** The row that should be scrolled to. */
  wanted = $state.raw<string | null>(null)
  /** What is being dragged. */
  readonly drag = new Drag(this)

  #places = new Places()
  /** Rises with every change of a row. */
  #version = $state(0)
  #expanded = $state.raw<ReadonlySet<string>>(new Set())
  #queue: Promise<unknown> = Promise.resolve()
  /** Levels that are being read to their end. */
  #reading = new Set<Parent>()
  /** Rows that changed and were not read again yet; null: any. */
  #stale: Set<string> | null = new Set()
  #refreshing: Promise<void> | null = null
  #lastAnew = 0
  #remembering: ReturnType<typeof setTimeout> | undefined
  #stopped = false
  /** Rises with every end: what was asked before it is answered to nobody. */
  #life = 0

  constructor(private readonly backend: Backend) {}

  /** Begins with what the person saw last. */
  async start(view: TreeView): Promise<void> {
    this.#stopped = false
    this.#places = new Places()
    this.#expanded = new Set(view.expanded)
    this.scroll = view.scroll
    this.#reading.clear()
    await this.#read(null)
    this.ready = true
    void this.#readBeside()
  }

  /** Reads nothing more. */
  stop(): void {
    this.#remember()
    this.#stopped = true
    this.#life += 1
    this.ready = false
    this.#show(() => {
      this.#places = new Places()
    })
    this.favourites = []
    this.recovered = []
    this.refusals = []
    this.trashed = null
    this.problem = null
  }

  /** Returns a document's row, once it was read. */
  row(id: string): PlaceRow | undefined {
    void this.#version
    return this.#places.row(id)
  }

  /** Says whether what lies below a document is seen; null when nothing does. */
  isOpen(id: string): boolean | null {
    void this.#version
    return this.#places.hasBelow(id) ? this.#expanded.has(id) : null
  }

  /** Shows or hides what lies below a document. */
  setOpen(id: string, isOpen: boolean): void {
    const expanded = new Set(this.#expanded)
    if (isOpen) expanded.add(id)
    else expanded.delete(id)
    this.#expanded = expanded
    this.#show()
    this.noted()
  }

  /** Somebody looks at these lines: what was not read of them is. */
  look(lines: readonly Line[]): void {
    for (const line of lines) if (line.id === null) void this.#read(line.parent)
  }

  /** The rows of these documents changed; null: any may have. Resolves once they were read again. */
  changed(documents: string[] | null): Promise<void> {
    if (documents === null) this.#stale = null
    else for (const id of documents) this.#stale?.add(id)
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = null
    })
    return this.#refreshing
  }

  /** Shows where a document is: what it lies under is expanded, and it is scrolled to. */
  async reveal(id: string): Promise<void> {
    const path = await this.#ask(() => this.backend.path(id))
    const above = path?.slice(0, -1).map((crumb) => crumb.id) ?? []
    if (above.some((parent) => !this.#expanded.has(parent))) {
      this.#expanded = new Set([...this.#expanded, ...above])
      this.#show()
    }
    for (const parent of above) await this.#read(parent)
    this.wanted = id
  }

  /** Makes a document below another one, behind a sibling or last; returns its id. */
  async create(parent: Parent, after: string | null): Promise<string> {
    const id = await this.backend.create(parent, after)
    void this.reveal(id)
    return id
  }

  /** Makes a document beside another one, or at the end of the tree if that has no place in it. */
  async createBeside(sibling: string | null): Promise<string> {
    const [row] = sibling === null ? [] : ((await this.#ask(() => this.backend.places([sibling]))) ?? [])
    const isThere = row && !row.recovered && !row.trashed
    return isThere ? this.create(row.parent, row.id) : this.create(null, null)
  }

  /** Moves a document. */
  async move(id: string, { parent, after }: Move): Promise<void> {
    await this.#do(() => this.backend.move(id, parent, after))
    if (parent !== null) await this.#read(parent)
  }

  /** Moves a document one step; says whether there was one to take. */
  async shift(id: string, way: Way): Promise<boolean> {
    const move = shifted(this.#places, id, way)
    if (!move) return false
    if (way === 'in' && move.parent !== null) this.setOpen(move.parent, true)
    await this.move(id, move)
    return true
  }

  /** Gives a document a title. */
  async rename(id: string, title: string): Promise<void> {
    if (title !== this.#places.row(id)?.title) await this.#do(() => this.backend.rename(id, title))
  }

  /** Gives a document an icon; an empty one takes it away. */
  async setIcon(id: string, icon: string): Promise<void> {
    await this.#do(() => this.backend.setIcon(id, icon))
  }

  /** Makes a document a favourite, or no longer. */
  async setFavourite(id: string, on: boolean): Promise<void> {
    await this.#do(() => this.backend.setFavourite(id, on))
  }

  /** Puts a document into the trash; for a while that can be undone. */
  async trash(id: string): Promise<void> {
    const title = this.#places.row(id)?.title ?? ''
    if (await this.#do(() => this.backend.trash(id, true))) this.trashed = { id, title }
  }

  /** Takes a document out of the trash. */
  async restore(id: string): Promise<void> {
    if (this.trashed?.id === id) this.trashed = null
    await this.#do(() => this.backend.trash(id, false))
    await this.reveal(id)
  }

  /** Settles a refused change of the tree. */
  async settle(record: RefusedRecord, how: 'retry' | 'discard'): Promise<void> {
    await this.#do(() => this.backend.settleRecord(record.row, how))
    await this.#readRefusals()
  }

  /** The person expanded or scrolled something; that is written down soon. */
  noted(): void {
    this.#remembering ??= setTimeout(() => this.#remember(), SETTLED)
  }

  #remember(): void {
    clearTimeout(this.#remembering)
    this.#remembering = undefined
    const expanded = [...this.#expanded].slice(-REMEMBERED)
    // What is seen is not worth a complaint: a disk that fails is told where it matters.
    if (!this.#stopped && this.ready) {
      void this.backend.rememberTree({ expanded, scroll: this.scroll }).catch(() => {})
    }
  }

  /** Does something; says whether it was done, and else tells the person. */
  async #do(what: () => Promise<void>): Promise<boolean> {
    try {
      await what()
      return true
    } catch (thrown) {
      this.problem = Problem.of(thrown)
      return false
    }
  }

  /** Asks for something once everything asked before was answered. */
  #ask<T>(what: () => Promise<T>): Promise<T | null> {
    const life = this.#life
    const isOver = () => this.#stopped || life !== this.#life
    const answer = this.#queue
      .then(async () => (isOver() ? null : await what()))
      .then((found) => (isOver() ? null : found))
      .catch((thrown: unknown) => {
        this.problem = Problem.of(thrown)
        return null
      })
    this.#queue = answer
    return answer
  }

  #show(change: () => void = () => {}): void {
    change()
    this.#version += 1
    this.lines = this.#places.lines(this.#expanded)
  }

  /** Reads a level to its end. Resolves as soon as its first page is there. */
  async #read(parent: Parent): Promise<void> {
    if (this.#reading.has(parent) || this.#places.isWhole(parent)) return
    this.#reading.add(parent)
    const more = await this.#readPage(parent, FIRST)
    if (more) void this.#readRest(parent)
    else this.#reading.delete(parent)
  }

  async #readRest(parent: Parent): Promise<void> {
    do await new Promise((resolve) => setTimeout(resolve, PAUSE))
    while (await this.#readPage(parent, REST))
    this.#reading.delete(parent)
  }

  /** Says whether there is more. */
  async #readPage(parent: Parent, limit: number): Promise<boolean> {
    const into = this.#places
    const last = () => into.row(into.level(parent).at(-1) ?? '') ?? null
    const page = await this.#ask(() => this.backend.level({ under: parent }, last(), limit))
    if (!page || into !== this.#places) return false
    this.#show(() => into.take(parent, page, page.length < limit))
    return page.length === limit
  }

  async #refresh(): Promise<void> {
    while ((this.#stale === null || this.#stale.size > 0) && !this.#stopped) {
      const stale = this.#stale
      this.#stale = new Set()
      if (stale === null) await this.#anew()
      else await this.#readAgain([...stale])
    }
  }

  /** Reads rows again, and those whose number of documents below changed with them. */
  async #readAgain(ids: string[]): Promise<void> {
    const rows = (await this.#ask(() => this.backend.places(ids))) ?? []
    const above = new Set(rows.flatMap((row) => this.#places.change(row)))
    const lost = new Set(this.recovered.map(({ id }) => id))
    const isMoved = above.size > 0 || rows.some((row) => row.recovered !== lost.has(row.id))
    for (const row of rows) above.delete(row.id)
    const parents = [...above].filter((id) => id !== null && this.#places.row(id)) as string[]
    const counted = parents.length > 0 ? await this.#ask(() => this.backend.places(parents)) : []
    this.#show(() => {
      for (const row of counted ?? []) this.#places.change(row)
    })
    const favoured = new Set(this.favourites.map(({ id }) => id))
    if (isMoved || rows.some((row) => row.favourite !== favoured.has(row.id))) await this.#readBeside()
    else await this.#readRefusals()
  }

  /** Reads everything again that is seen. */
  async #anew(): Promise<void> {
    const wait = this.#lastAnew + CALM - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    this.#lastAnew = performance.now()
    const seen = new Set(this.lines.filter(({ id }) => id !== null).map(({ parent }) => parent))
    const fresh = new Places()
    for (const parent of seen.add(null)) {
      const level = parent === null ? REST : FIRST
      const page = await this.#ask(() => this.backend.level({ under: parent }, null, level))
      if (!page) return
      fresh.take(parent, page, page.length < level)
    }
    this.#reading.clear()
    this.#show(() => {
      this.#places = fresh
    })
    for (const parent of seen) void this.#readOn(parent)
    await this.#readBeside()
  }

  async #readOn(parent: Parent): Promise<void> {
    if (this.#places.isWhole(parent) || this.#reading.has(parent)) return
    this.#reading.add(parent)
    await this.#readRest(parent)
  }

  /** Reads the lists beside the tree. */
  async #readBeside(): Promise<void> {
    this.favourites = await this.#readList('favourites')
    this.recovered = await this.#readList('recovered')
    await this.#readRefusals()
  }

  async #readList(level: Level): Promise<Line[]> {
    const rows = (await this.#ask(() => this.backend.level(level, null, REST))) ?? []
    this.#show(() => {
      for (const row of rows) this.#places.change(row)
    })
    return flat(rows.map(({ id }) => id))
  }

  async #readRefusals(): Promise<void> {
    this.refusals = (await this.#ask(() => this.backend.refusedRecords())) ?? []
  }
}
