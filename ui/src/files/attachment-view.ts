/** A file in the text that is no picture: a card with its name, its size, how it stands with it, and a way to save it. */
import type { Node } from '@tiptap/pm/model'
import { Problem } from '../backend/backend'
import type { FileRow } from '../backend/bindings'
import { attachmentName } from '../editor/kinds/file'
import type { OwnView } from '../editor/views'
import { m } from '../paraglide/messages'
import { problemSentence } from '../problem/sentence'
import type { Files } from './files'
import { icon } from './icons'
import { isHere, sizeOf, stateOf } from './words'

/** Makes the view of an attachment. */
export function attachmentView(node: Node, files: Files): OwnView {
  return new AttachmentView(node, files)
}

class AttachmentView implements OwnView {
  readonly dom = document.createElement('div')
  readonly #name = document.createElement('span')
  readonly #about = document.createElement('span')
  readonly #save = document.createElement('button')
  #row: FileRow | null = null
  #hash: string | null = null
  /** What came of saving it. */
  #outcome = ''
  #unfollow: () => void = () => {}

  constructor(
    private node: Node,
    private readonly files: Files,
  ) {
    this.dom.dataset.attachment = ''
    this.dom.contentEditable = 'false'
    this.#name.className = 'attachment-name'
    this.#about.className = 'attachment-about'
    this.#about.setAttribute('role', 'status')
    this.#save.type = 'button'
    this.#save.className = 'button small'
    this.#save.textContent = m.file_save()
    this.#save.addEventListener('click', () => void this.#saveIt())
    const text = document.createElement('span')
    text.className = 'attachment-text'
    text.append(this.#name, this.#about)
    this.dom.append(icon('file'), text, this.#save)
    this.#take(node)
  }

  update(next: Node): boolean {
    if (next.type !== this.node.type) return false
    this.#take(next)
    return true
  }

  selectNode(): void {
    this.dom.classList.add('ProseMirror-selectednode')
  }

  deselectNode(): void {
    this.dom.classList.remove('ProseMirror-selectednode')
  }

  ignoreMutation(): boolean {
    return true
  }

  stopEvent(event: Event): boolean {
    return this.#save.contains(event.target as globalThis.Node)
  }

  destroy(): void {
    this.#unfollow()
  }

  #take(node: Node): void {
    this.node = node
    const hash = typeof node.attrs.file === 'string' ? node.attrs.file : ''
    if (hash !== this.#hash) {
      this.#hash = hash
      this.#row = null
      this.#unfollow()
      this.#unfollow = hash ? this.files.follow(hash, (row) => this.#show(row)) : () => {}
    }
    this.#say()
  }

  #show(row: FileRow): void {
    this.#row = row
    this.#say()
  }

  #say(): void {
    const row = this.#row
    const name = attachmentName(this.node.attrs.name || row?.name)
    this.#name.textContent = name
    const size = row && row.size > 0 ? sizeOf(row.size) : ''
    const words = [size, this.#outcome || (row ? stateOf(row) : '')]
    this.#about.textContent = words.filter((word) => word !== '').join(' · ')
    this.#save.disabled = !row || !isHere(row)
    this.#save.setAttribute('aria-label', m.file_save_named({ name }))
  }

  async #saveIt(): Promise<void> {
    try {
      this.#outcome = m.file_saved({ name: await this.files.save(this.#hash ?? '') })
    } catch (thrown) {
      this.#outcome = problemSentence(Problem.of(thrown))
    }
    this.#say()
  }
}
