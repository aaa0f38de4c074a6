/**
 * What the editor knows of files: how it stands with each that it shows, asked for together and kept fresh while it is shown.
 *
 * Deliberately absent: what a file looks like, and where in the text it stands.
 */
import type { Backend, BackendEvent } from '../backend/backend'
import type { FileRow } from '../backend/bindings'

/** As many files are asked for at a time. */
const AT_ONCE = 200
/** A file on its way is asked for so often at most, in milliseconds: nobody reads faster. */
const PAUSE = 150

type Listener = (row: FileRow) => void

/** The files of one window's documents. It listens while somebody looks. */
export class Files {
  readonly #rows = new Map<string, FileRow>()
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #wanted = new Set<string>()
  #timer: ReturnType<typeof setTimeout> | undefined
  #stop: (() => void) | null = null

  constructor(private readonly backend: Backend) {}

  /** Tells how it stands with a file, now and whenever that changes, until the returned function is called. */
  follow(hash: string, listener: Listener): () => void {
    this.#stop ??= this.backend.listen((event) => this.#hear(event))
    const listeners = this.#listeners.get(hash) ?? new Set()
    this.#listeners.set(hash, listeners.add(listener))
    const known = this.#rows.get(hash)
    if (known) listener(known)
    this.#ask([hash], 0)
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      this.#listeners.delete(hash)
      this.#rows.delete(hash)
      if (this.#listeners.size > 0) return
      this.#stop?.()
      this.#stop = null
    }
  }

  /** Asks anew how it stands with a file: what was shown of it was wrong. */
  doubt(hash: string): void {
    this.#ask([hash], PAUSE)
  }

  /** Adds a file; `tell` hears how many bytes were taken. */
  async add(file: File, tell?: (done: number) => void, signal?: AbortSignal): Promise<FileRow> {
    const row = await this.backend.addFile(file, tell, signal)
    if (this.#listeners.has(row.hash)) this.#take(row)
    return row
  }

  /** Saves a copy of a file; returns what it is called there. */
  save(hash: string): Promise<string> {
    return this.backend.saveFile(hash)
  }

  /** Returns the address of a picture that is on this device. */
  url(hash: string): string {
    return this.backend.fileUrl(hash)
  }

  #hear(event: BackendEvent): void {
    if (event.kind !== 'files') return
    const shown = event.hashes ?? [...this.#listeners.keys()]
    this.#ask(
      shown.filter((hash) => this.#listeners.has(hash)),
      PAUSE,
    )
  }

  #ask(hashes: string[], pause: number): void {
    for (const hash of hashes) this.#wanted.add(hash)
    if (this.#wanted.size > 0) this.#timer ??= setTimeout(() => void this.#look(), pause)
  }

  async #look(): Promise<void> {
    const hashes = [...this.#wanted].slice(0, AT_ONCE)
    for (const hash of hashes) this.#wanted.delete(hash)
    // A file that cannot be asked for stays as it was known; the next event asks again.
    const rows = await this.backend.files(hashes).catch(() => [])
    this.#timer = undefined
    for (const row of rows) this.#take(row)
    this.#ask([], PAUSE)
  }

  #take(row: FileRow): void {
    const listeners = this.#listeners.get(row.hash)
    if (!listeners) return
    this.#rows.set(row.hash, row)
    for (const listener of [...listeners]) listener(row)
  }
}
