/** The files of one device in memory. */
import { type Backend, type BackendEvent, Problem } from './backend'
import type { FileRow } from './bindings'

/** The part of the backend that is about files. */
type Files = Pick<Backend, 'addFile' | 'files' | 'saveFile' | 'fileUrl'>

/** A relay in memory takes no file of more bytes. */
const LARGEST = 1024 * 1024 * 1024

/** What a picture begins with, by its media type. */
const BEGINNINGS: [string, number[]][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46]],
]

/** Files, and how it stands with each. */
export class MemoryFiles implements Files {
  /** What was saved to the folder of downloads. */
  readonly saved: string[] = []
  readonly #rows = new Map<string, FileRow>()
  readonly #urls = new Map<string, string>()

  constructor(
    private readonly me: { id: string },
    private readonly tell: (event: BackendEvent) => void,
  ) {}

  async addFile(file: File, tell?: (done: number) => void): Promise<FileRow> {
    if (file.size > LARGEST) throw new Problem('file_too_large')
    tell?.(0)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    const hash = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')
    const begins = (beginning: number[]) => beginning.every((byte, at) => bytes[at] === byte)
    const media = BEGINNINGS.find(([, beginning]) => begins(beginning))?.[0] ?? 'application/octet-stream'
    const blob = new Blob([bytes], { type: media })
    const size = media.startsWith('image/') ? await createImageBitmap(blob).catch(() => null) : null
    const row: FileRow = {
      hash,
      name: file.name,
      size: file.size,
      media,
      width: size?.width ?? null,
      height: size?.height ?? null,
      person: this.me.id,
      picture: size !== null,
      state: 'here',
      done: 0,
      problem: null,
    }
    this.#urls.set(hash, URL.createObjectURL(blob))
    this.put(row)
    return row
  }

  async files(hashes: string[]): Promise<FileRow[]> {
    return hashes.map((hash) => this.#rows.get(hash) ?? unknown(hash))
  }

  async saveFile(hash: string): Promise<string> {
    const row = this.#rows.get(hash)
    if (!row) throw new Problem('not_found')
    this.saved.push(row.name)
    return row.name
  }

  fileUrl(hash: string): string {
    return this.#urls.get(hash) ?? ''
  }

  /** Lets it stand so with a file, and tells it. */
  put(row: FileRow): void {
    this.#rows.set(row.hash, row)
    this.tell({ kind: 'files', hashes: [row.hash] })
  }
}

function unknown(hash: string): FileRow {
  return {
    hash,
    name: '',
    size: 0,
    media: '',
    width: null,
    height: null,
    person: null,
    picture: false,
    state: 'missing',
    done: 0,
    problem: null,
  }
}
