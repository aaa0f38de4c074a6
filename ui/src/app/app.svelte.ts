/** The window's state: the workspace, its tree, the open document, and what the relay says. */
import { type Backend, type BackendEvent, Problem } from '../backend/backend'
import type { Me, Person, Sync, Workspace } from '../backend/bindings'
import { OpenDocument } from '../document/open-document.svelte'
import type { Kept } from '../status/sentence'
import { TreeState } from '../tree/tree.svelte'
import { Where } from '../tree/where.svelte'
import { withRow } from '../workspace/standing'

/** How long the last commit may take, in milliseconds, before a person who wants to leave is told that it does. */
const PATIENCE = 600

/** How long, in milliseconds, a document has for being drawn before it is written down that it is the open one. */
const DRAWN = 300

/** Among so many documents the first to open is looked for. */
const FIRST = 200

/** One window. */
export class AppState {
  /** What the workspace's team is called; empty for one on this device alone. */
  workspace = $state('')
  shared = $state(false)
  /** Where the person can go. */
  workspaces = $state.raw<Workspace[]>([])
  me = $state.raw<Me>({ id: '', name: '' })
  /** Rises when somebody of the team goes by another name, or came. */
  met = $state(0)
  /** Who is in this workspace, besides this device. */
  online = $state.raw<Person[]>([])
  sync = $state.raw<Sync>({ state: 'local' })
  open = $state.raw<OpenDocument | null>(null)
  problem = $state.raw<Problem | null>(null)
  /** A workspace is open. */
  ready = $state(false)
  /** Why none is. */
  failure = $state.raw<Problem | null>(null)
  /** The page had to be loaded again, and the person was not told yet. */
  revived = $state(false)
  /** The person wants to leave, and something is not saved yet. */
  leaving = $state(false)
  /** The document whose refused changes are being settled. */
  settling = $state.raw<{ id: string; title: string } | null>(null)
  /** The workspace's tree. */
  readonly tree: TreeState
  /** Where in it the open document is. */
  readonly where: Where

  /** Documents that were left before all that was written in them was on the disk. */
  #left = $state.raw<OpenDocument[]>([])
  /** Where the person was in each document. */
  #places = new Map<string, string | null>()
  #closing = false
  /** The kinds of events that came since the last start was asked for. */
  #told = new Set<BackendEvent['kind']>()
  #stop: () => void = () => {}

  constructor(readonly backend: Backend) {
    this.tree = new TreeState(backend)
    this.where = new Where(backend)
  }

  /** What is not on the disk yet. */
  get unsaved(): OpenDocument[] {
    return [...(this.open ? [this.open] : []), ...this.#left].filter(({ saving }) => saving !== 'saved')
  }

  /** Documents with words that the disk will never take and nobody has let go of yet. */
  get rescues(): OpenDocument[] {
    return [...(this.open ? [this.open] : []), ...this.#left].filter(({ rescued }) => rescued)
  }

  /** What the disk says about all of it. */
  get kept(): Kept {
    const states = this.unsaved.map(({ saving }) => saving)
    if (states.includes('not saved')) return 'not saved'
    return this.rescues.length > 0 ? 'rescued' : (states[0] ?? 'saved')
  }

  /** Fills the window; opens the document that was open last, else the first. */
  async start(): Promise<void> {
    this.#stop = this.backend.listen((event) => this.#hear(event))
    try {
      this.#told.clear()
      const start = await this.backend.start()
      this.workspace = start.workspace ?? ''
      this.me = start.me
      this.revived = start.revived
      // The answer may be overtaken by what happened after it was written.
      if (!this.#told.has('sync')) [this.sync, this.shared] = [start.sync, start.shared]
      this.ready = true
      const { place } = start
      if (place) this.#places.set(place.document, place.caret)
      const shown = place ? this.show(place.document, Boolean(place.caret)) : null
      await this.tree.start(start.tree)
      await (shown ?? this.#showFirst())
      await this.visit()
    } catch (thrown) {
      this.failure = Problem.of(thrown)
      this.workspace = ''
    } finally {
      setTimeout(() => void this.lookAround(), DRAWN) // what is drawn first has the machine for itself
    }
  }

  /** Goes to another workspace of this device; everything written is stored first, and the one that is left goes on. */
  async goTo(workspace: string): Promise<void> {
    if (this.ready && this.workspaces.some(({ id, here }) => here && id === workspace)) return
    try {
      await this.backend.goTo(workspace)
    } catch (thrown) {
      this.problem = Problem.of(thrown)
      return
    }
    await this.restart()
  }

  /** Opens a document in place of the present one; with `focused` the keyboard goes into its text. */
  async show(id: string, focused = false): Promise<void> {
    const before = this.open
    if (before?.id === id) return
    if (before) this.#leave(before)
    const kept = this.#left.find((document) => document.id === id)
    this.#left = this.#left.filter((document) => document !== kept)
    const document = kept ?? new OpenDocument(this.backend, id, this.#places.get(id) ?? null)
    document.focused = focused
    this.open = document
    void this.where.follow(id)
    if (!kept) await document.open()
    // What is drawn first has the machine for itself.
    setTimeout(() => {
      if (this.open === document)
        void this.backend.remember({ document: id, caret: document.place }).catch(() => {})
    }, DRAWN)
  }

  /** Goes where a link leads that somebody followed in another program. */
  async visit(): Promise<void> {
    if (!this.ready) return // the start asks as well
    try {
      const visit = await this.backend.visit()
      if (!visit) return
      await this.goTo(visit.workspace)
      await this.show(visit.document)
    } catch (thrown) {
      this.problem = Problem.of(thrown)
    }
  }

  /** Makes a document beside the open one, or below `parent`, and opens it. */
  async create(parent?: string | null): Promise<void> {
    try {
      const id =
        parent === undefined
          ? await this.tree.createBeside(this.open?.id ?? null)
          : await this.tree.create(parent, null)
      await this.show(id)
      if (this.open?.id === id) this.open.fresh = true
    } catch (thrown) {
      this.problem = Problem.of(thrown)
    }
  }

  /** What to call a document: the open one knows its own title first. */
  titleOf(id: string): string {
    if (this.open?.id === id && this.open.phase === 'editing') return this.open.title
    return this.tree.row(id)?.title ?? this.where.path.find((crumb) => crumb.id === id)?.title ?? ''
  }

  /** Whether the relay refused changes of the open document. */
  get isRefused(): boolean {
    return this.where.row !== null && this.where.row.refused !== null && this.where.row.id === this.open?.id
  }

  /** Begins to settle what the relay refused: of the open document, else of the first there is. */
  async settle(): Promise<void> {
    const refused = await this.backend.refusedDocuments().catch(() => [])
    const row = refused.find(({ id }) => id === this.open?.id) ?? refused[0]
    if (row) this.settling = { id: row.id, title: this.titleOf(row.id) || row.title }
  }

  /** Goes back to words that only the window has. */
  async showRescue(): Promise<void> {
    const [document] = this.rescues
    if (document) await this.show(document.id)
  }

  /** A relay may be within reach again: it is tried at once. */
  hurry(): void {
    const all = [this.sync, ...this.workspaces.map(({ sync }) => sync)]
    if (all.some((sync) => sync?.state === 'offline')) void this.backend.hurry().catch(() => {})
  }

  /** What was refused is settled; a copy that was made is what the person goes on with. */
  async settled(copy: string | null): Promise<void> {
    this.settling = null
    if (copy) await this.show(copy)
  }

  /** The window closes, whatever is not saved. */
  leave(): void {
    void this.backend.leave()
  }

  /** The person stays after all. */
  stay(): void {
    this.#closing = false
    this.leaving = false
  }

  /** Begins anew with what is there now; everything written is stored first. */
  async restart(): Promise<void> {
    await this.stop()
    this.open = null
    void this.where.follow(null)
    this.problem = null
    this.failure = null
    this.ready = false
    this.online = []
    await this.start()
  }

  /** Lets go of everything. */
  async stop(): Promise<void> {
    await this.open?.remember()
    this.tree.stop()
    await Promise.all([this.open, ...this.#left].map((document) => document?.close()))
    this.#stop() // until here somebody may close the window, and is heard
    this.#left = []
  }

  /** Finds the other workspaces. Where that cannot be said there is nowhere to go, and the start says why. */
  async lookAround(): Promise<void> {
    this.workspaces = await this.backend.workspaces().catch(() => [])
  }

  /** Puts a document away, once all that was written in it is on the disk; until then it can be gone back to. */
  #leave(document: OpenDocument): void {
    document.note() // the next one is written down instead
    document.end?.()
    this.#places.set(document.id, document.place)
    this.#left = [...this.#left, document]
    void document.settled().then(async () => {
      // With words that only the window has, it stays until the person comes back for them.
      if (!this.#left.includes(document) || document.rescued) return
      this.#left = this.#left.filter((other) => other !== document)
      await document.close()
    })
  }

  /** Somebody closes the window or quits: it goes when everything is saved, and says so when that takes long. */
  async #close(): Promise<void> {
    // A place is not worth waiting for a slow disk; what is typed meanwhile is.
    await Promise.race([this.open?.remember(), new Promise((resolve) => setTimeout(resolve, PATIENCE))])
    if (this.unsaved.length + this.rescues.length === 0) return this.leave()
    void this.backend.stay()
    const wasClosing = this.#closing
    this.#closing = true
    if (wasClosing || this.kept === 'not saved' || this.rescues.length > 0) this.leaving = true
    const patience = setTimeout(() => {
      this.leaving = this.#closing
    }, PATIENCE)
    while (this.#closing && this.unsaved.length > 0) {
      await Promise.all(this.unsaved.map((document) => document.settled()))
    }
    clearTimeout(patience)
    if (this.rescues.length > 0) this.leaving = this.#closing
    else if (this.#closing) this.leave()
  }

  /** Opens what was changed last at the top of the tree, in a window that has nothing open. */
  async #showFirst(): Promise<void> {
    if (this.open || !this.ready) return
    const top = await this.backend.level({ under: null }, null, FIRST)
    const rows = top.length > 0 ? top : await this.backend.level('recovered', null, 1)
    // What has no text yet is on its way.
    const [first] = rows.filter((row) => row.updated_at > 0).sort((a, b) => b.updated_at - a.updated_at)
    if (first && !this.open) await this.show(first.id)
  }

  #hear(event: BackendEvent): void {
    this.#told.add(event.kind)
    switch (event.kind) {
      case 'update':
        this.#find(event.document)?.receive(event.update)
        return
      case 'reopen':
        void this.#find(event.document)?.open()
        return
      case 'places':
        this.where.changed(event.documents)
        void this.tree.changed(event.documents)
        if (this.open?.isOnItsWay) void this.open.open()
        if (!this.open) void this.#showFirst().catch(() => {})
        return
      case 'sync':
        this.sync = event.sync
        this.shared = event.sync.state !== 'local'
        return
      case 'members':
        this.met += 1
        return
      case 'people':
        if (event.document === null) this.online = event.people
        else this.#find(event.document)?.meet(event.people, this.me.id)
        return
      case 'workspace':
        this.workspaces = withRow(this.workspaces, event.workspace)
        return
      case 'trouble':
        this.problem = Problem.of(event.problem)
        return
      case 'visit':
        void this.visit()
        return
      case 'closing':
        void this.#close()
        return
    }
  }

  #find(id: string): OpenDocument | undefined {
    return [this.open, ...this.#left].find((document) => document?.id === id) ?? undefined
  }
}
