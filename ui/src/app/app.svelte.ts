/** The window's state: the workspace, its documents, the open one, and what the relay says. */
import { type Backend, type BackendEvent, Problem } from '../backend/backend'
import type { DocumentRow, Me, Sync } from '../backend/bindings'
import { OpenDocument } from '../document/open-document.svelte'

/** One window. */
export class AppState {
  workspace = $state('')
  shared = $state(false)
  me = $state.raw<Me>({ id: '', name: '' })
  documents = $state.raw<DocumentRow[]>([])
  sync = $state.raw<Sync>({ state: 'local' })
  open = $state.raw<OpenDocument | null>(null)
  problem = $state.raw<Problem | null>(null)
  ready = $state(false)
  /** A document was just made: the caret belongs into its title. */
  fresh = $state(false)

  #stop: () => void = () => {}

  constructor(readonly backend: Backend) {}

  /** Fills the window; opens the document that was open last, else the first. */
  async start(): Promise<void> {
    this.#stop = this.backend.listen((event) => this.#hear(event))
    try {
      const start = await this.backend.start()
      this.workspace = start.workspace
      this.shared = start.shared
      this.me = start.me
      this.documents = start.documents
      this.sync = start.sync
      this.ready = true
      const last = start.documents.find((row) => row.id === start.place?.document) ?? start.documents[0]
      if (last) await this.show(last.id)
    } catch (thrown) {
      this.problem = Problem.of(thrown)
    }
  }

  /** Opens a document in place of the present one. */
  async show(id: string): Promise<void> {
    if (this.open?.id === id) return
    const before = this.open
    const document = new OpenDocument(this.backend, id)
    this.fresh = false
    this.open = document
    await before?.close()
    await document.open()
    void this.backend.remember({ document: id, caret: null })
  }

  /** Makes a document and opens it. */
  async create(): Promise<void> {
    try {
      const id = await this.backend.create()
      await this.show(id)
      this.fresh = true
    } catch (thrown) {
      this.problem = Problem.of(thrown)
    }
  }

  /** The title of a row: the open document knows its own first. */
  titleOf(row: DocumentRow): string {
    return this.open?.id === row.id && this.open.phase === 'editing' ? this.open.title : row.title
  }

  /** Begins anew with what is there now; everything written is stored first. */
  async restart(): Promise<void> {
    await this.stop()
    this.open = null
    this.problem = null
    await this.start()
  }

  /** Lets go of everything. */
  async stop(): Promise<void> {
    this.#stop()
    await this.open?.close()
  }

  /** Opens the first document that arrives in a window that has none. */
  #showFirst(): void {
    const [first] = this.documents
    if (first && !this.open) void this.show(first.id)
  }

  #hear(event: BackendEvent): void {
    switch (event.kind) {
      case 'update':
        if (this.open?.id === event.document) this.open.receive(event.update)
        return
      case 'reopen':
        if (this.open?.id === event.document) void this.open.open()
        return
      case 'documents':
        this.documents = event.documents
        this.#showFirst()
        return
      case 'sync':
        this.sync = event.sync
        this.shared = event.sync.state !== 'local'
        return
      case 'people':
        if (event.document !== null && this.open?.id === event.document) this.open.meet(event.people)
        return
    }
  }
}
