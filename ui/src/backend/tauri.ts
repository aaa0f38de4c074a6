/** The backend of the desktop app: Tauri's commands, with updates as raw bytes. */
import { Channel, convertFileSrc, invoke } from '@tauri-apps/api/core'
import { type Backend, type BackendEvent, Problem } from './backend'
import type {
  About,
  Choice,
  Device,
  Exported,
  FileRow,
  Format,
  Found,
  Imported,
  Invitation,
  JoinRequest,
  Level,
  Members,
  Place,
  PlaceRow,
  ProblemCode,
  Refused,
  RefusedRecord,
  Scope,
  Settlement,
  SettleRecord,
  SignInRequest,
  Spot,
  Start,
  Surveyed,
  TreeView,
  Visit,
  Workspace,
} from './bindings'

/** As many bytes of a file go over at a time. */
const PIECE = 1024 * 1024

/** An id is 36 characters of text in front of the update in a raw message. */
const ID = 36

/** The replica of this desktop. */
export class TauriBackend implements Backend {
  #listeners = new Set<(event: BackendEvent) => void>()

  /** Connects to the shell's events. */
  static async connect(): Promise<TauriBackend> {
    const backend = new TauriBackend()
    const channel = new Channel<ArrayBuffer | BackendEvent>()
    channel.onmessage = (message) => backend.#hear(message)
    await call('listen', { channel })
    return backend
  }

  start(): Promise<Start> {
    return call('start')
  }

  workspaces(): Promise<Workspace[]> {
    return call('workspaces')
  }

  goTo(workspace: string): Promise<void> {
    return call('go_to', { workspace })
  }

  level(level: Level, after: Spot | null, limit: number): Promise<PlaceRow[]> {
    return call('level', { level, after, limit })
  }

  places(documents: string[]): Promise<PlaceRow[]> {
    return call('places', { documents })
  }

  path(document: string): Promise<PlaceRow[]> {
    return call('path', { document })
  }

  create(parent: string | null, after: string | null): Promise<string> {
    return call('create', { parent, after })
  }

  move(document: string, parent: string | null, after: string): Promise<void> {
    return call('move_to', { document, parent, after })
  }

  rename(document: string, title: string): Promise<void> {
    return call('rename', { document, title })
  }

  setIcon(document: string, icon: string): Promise<void> {
    return call('set_icon', { document, icon })
  }

  trash(document: string, on: boolean): Promise<void> {
    return call('trash', { document, on })
  }

  setFavourite(document: string, on: boolean): Promise<void> {
    return call('set_favourite', { document, on })
  }

  recent(): Promise<PlaceRow[]> {
    return call('recent')
  }

  search(text: string, limit: number): Promise<Found | null> {
    return call('search', { text, east: -new Date().getTimezoneOffset(), limit })
  }

  about(document: string): Promise<About> {
    return call('about', { document })
  }

  rememberTree(view: TreeView): Promise<void> {
    return call('remember_tree', { view })
  }

  refusedDocuments(): Promise<PlaceRow[]> {
    return call('refused_documents')
  }

  refusedRecords(): Promise<RefusedRecord[]> {
    return call('refused_records')
  }

  settleRecord(row: number, how: SettleRecord): Promise<void> {
    return call('settle_record', { row, how })
  }

  async addFile(file: File, tell?: (done: number) => void, signal?: AbortSignal): Promise<FileRow> {
    const number = await call<number>('begin_file', { size: file.size })
    try {
      for (let done = 0; done < file.size; done += PIECE) {
        signal?.throwIfAborted()
        tell?.(done)
        const piece = new Uint8Array(await file.slice(done, done + PIECE).arrayBuffer())
        await invoke<void>('file_piece', piece, { headers: { file: String(number) } })
      }
      return await call('keep_file', { file: number, name: file.name })
    } catch (thrown) {
      await call('drop_file', { file: number }).catch(() => {})
      // What cannot be read here was moved, or is a folder.
      throw thrown instanceof DOMException ? new Problem('file_failed', thrown.message) : Problem.of(thrown)
    }
  }

  files(hashes: string[]): Promise<FileRow[]> {
    return call('files', { hashes })
  }

  saveFile(hash: string): Promise<string> {
    return call('save_file', { hash })
  }

  fileUrl(hash: string): string {
    return convertFileSrc(hash, 'sheaf-file')
  }

  chooseImport(what: Choice): Promise<Surveyed | null> {
    return call('choose_import', { what })
  }

  import(under: string | null): Promise<Imported> {
    return call('import', { under })
  }

  export(scope: Scope, format: Format): Promise<Exported | null> {
    return call('export', { scope, format })
  }

  cancelTransfer(): Promise<void> {
    return call('cancel_transfer')
  }

  showExport(): Promise<void> {
    return call('show_export')
  }

  async open(document: string): Promise<Uint8Array> {
    return new Uint8Array(await call<ArrayBuffer>('open', { document }))
  }

  close(document: string): Promise<void> {
    return call('close', { document })
  }

  commit(document: string, update: Uint8Array): Promise<void> {
    return invoke<void>('commit', update, { headers: { document } }).catch(reject)
  }

  setCaret(document: string, caret: string | null): Promise<void> {
    return call('set_caret', { document, caret })
  }

  remember(place: Place): Promise<void> {
    return call('remember', { place })
  }

  join(request: JoinRequest): Promise<ProblemCode | null> {
    return call('join', { request })
  }

  publish(request: JoinRequest): Promise<ProblemCode | null> {
    return call('publish', { request })
  }

  signIn(request: SignInRequest): Promise<ProblemCode | null> {
    return call('sign_in', { request })
  }

  members(ask: boolean): Promise<Members> {
    return call('members', { ask })
  }

  invite(): Promise<Invitation> {
    return call('invite')
  }

  visit(): Promise<Visit | null> {
    return call('visit')
  }

  hurry(): Promise<void> {
    return call('hurry')
  }

  refused(document: string): Promise<Refused | null> {
    return call('refused', { document })
  }

  settle(document: string, how: Settlement): Promise<string | null> {
    return call('settle', { document, how })
  }

  stay(): Promise<void> {
    return call('stay')
  }

  leave(): Promise<void> {
    return call('leave')
  }

  device(): Promise<Device> {
    return call('device')
  }

  openFolder(): Promise<void> {
    return call('open_folder')
  }

  setZoom(factor: number): Promise<void> {
    return call('set_zoom', { factor })
  }

  openLink(href: string): Promise<void> {
    return call('open_link', { href })
  }

  listen(listener: (event: BackendEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #hear(message: ArrayBuffer | BackendEvent): void {
    const event = message instanceof ArrayBuffer ? updateIn(message) : message
    for (const listener of this.#listeners) listener(event)
  }
}

function updateIn(message: ArrayBuffer): BackendEvent {
  const bytes = new Uint8Array(message)
  return {
    kind: 'update',
    document: new TextDecoder().decode(bytes.subarray(0, ID)),
    update: bytes.subarray(ID),
  }
}

function call<T>(command: string, values: Record<string, unknown> = {}): Promise<T> {
  return invoke<T>(command, values).catch(reject)
}

function reject(thrown: unknown): never {
  throw Problem.of(thrown)
}
