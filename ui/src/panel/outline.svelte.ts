/**
 * What the panel shows of the open document's text: its headings and which of them the caret is below, and how long it is.
 *
 * The editor tells it of itself; whoever shows something of it says so, and nothing is read while nobody does. What changed is
 * read with the next frame, and counted when the typing pauses.
 */
import type { Editor } from '@tiptap/core'
import { goToHeading, type Heading, headingsOf } from '../editor/views/contents'
import { type Count, counted } from './count'

/** Milliseconds without a change before the text is counted. */
const PAUSE = 400

/** What is known of one document's text. */
export class Outline {
  headings = $state.raw<Heading[]>([])
  /** The heading that the caret is below, by its place in the list; -1 above the first. */
  at = $state(-1)
  /** How long the text is; null until it was counted. */
  count = $state.raw<Count | null>(null)

  #editor: Editor | null = null
  #shown = 0
  #drawn = ''
  #frame = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Follows an editor until the returned function is called. */
  follow(editor: Editor): () => void {
    const look = () => this.#look()
    this.#editor = editor
    editor.on('transaction', look)
    this.#look()
    return () => {
      editor.off('transaction', look)
      if (this.#editor === editor) this.#editor = null
    }
  }

  /** Somebody looks, until the returned function is called. */
  show(): () => void {
    this.#shown += 1
    this.#look()
    return () => {
      this.#shown -= 1
    }
  }

  /** Goes to a heading. */
  go(number: number): void {
    const editor = this.#editor
    // Which one it is does not change with the words above it; where it is does.
    const heading = editor && headingsOf(editor.state.doc)[number]
    if (heading) goToHeading(editor.view, heading.position)
  }

  #look(): void {
    if (this.#shown === 0) return
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#read()
    })
  }

  #read(): void {
    const editor = this.#editor
    if (!editor || editor.isDestroyed) return
    const { doc, selection } = editor.state
    const found = headingsOf(doc)
    this.at = found.findLastIndex(({ position }) => position < selection.head)
    const shown = JSON.stringify(found.map(({ level, text }) => [level, text]))
    if (shown !== this.#drawn) [this.#drawn, this.headings] = [shown, found]
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      async () => {
        const isOld = () => this.#shown === 0 || this.#editor?.state.doc !== doc
        this.count = (await counted(doc, isOld)) ?? this.count
      },
      this.count ? PAUSE : 0,
    )
  }
}
