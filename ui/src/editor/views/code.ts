/** A block of code in the page: its text, its language, a button that copies it; below a diagram's text the diagram. */
import type { Node } from '@tiptap/pm/model'
import type { EditorView } from '@tiptap/pm/view'
import { m } from '../../paraglide/messages'
import { dark } from '../../theme/dark'
import { drawDiagram } from '../code/diagram'
import { LANGUAGES } from '../code/languages'
import type { OwnView } from '.'

/** A diagram is drawn when nobody typed for as long, in milliseconds. */
const PAUSE = 300
/** And the button says so long that it copied. */
const COPIED = 2000

/** Makes the view of a block of code. */
export function codeView(node: Node, view: EditorView, at: () => number | undefined): OwnView {
  return new CodeView(node, view, at)
}

class CodeView implements OwnView {
  readonly dom = document.createElement('div')
  readonly contentDOM = document.createElement('code')
  #bar = document.createElement('div')
  #language = document.createElement('select')
  #copy = document.createElement('button')
  #diagram: HTMLElement | null = null
  #drawn = ''
  #timer: ReturnType<typeof setTimeout> | undefined
  #told: ReturnType<typeof setTimeout> | undefined

  constructor(
    private node: Node,
    private readonly view: EditorView,
    private readonly at: () => number | undefined,
  ) {
    this.dom.className = 'code'
    this.#bar.className = 'code-bar'
    this.#bar.contentEditable = 'false'
    this.#language.setAttribute('aria-label', m.code_language())
    this.#language.addEventListener('change', () => this.#choose())
    this.#copy.type = 'button'
    this.#copy.textContent = m.code_copy()
    this.#copy.addEventListener('click', () => void this.#take())
    this.#bar.append(this.#language, this.#copy)
    const pre = document.createElement('pre')
    pre.spellcheck = false
    pre.append(this.contentDOM)
    this.dom.append(this.#bar, pre)
    dark.addEventListener('change', this.#recolour)
    this.#show()
  }

  update(next: Node): boolean {
    if (next.type !== this.node.type) return false
    this.node = next
    this.#show()
    return true
  }

  ignoreMutation(mutation: { target: globalThis.Node }): boolean {
    return !this.contentDOM.contains(mutation.target)
  }

  stopEvent(event: Event): boolean {
    return this.#bar.contains(event.target as globalThis.Node)
  }

  destroy(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#told)
    dark.removeEventListener('change', this.#recolour)
  }

  #show(): void {
    const language = String(this.node.attrs.language ?? '')
    if (this.#language.options.length === 0 || this.#language.value !== language) this.#offer(language)
    if (language === 'mermaid') this.#drawSoon()
    else {
      this.#diagram?.remove()
      this.#diagram = null
      this.#drawn = ''
    }
  }

  #offer(language: string): void {
    const isOurs = language === '' || LANGUAGES.some(([stored]) => stored === language)
    const all = [['', m.code_plain()], ...LANGUAGES, ...(isOurs ? [] : [[language, language]])]
    this.#language.replaceChildren(
      ...all.map(([stored = '', name]) => new Option(name, stored, stored === language, stored === language)),
    )
  }

  #choose(): void {
    const [at, language] = [this.at(), this.#language.value || null]
    if (at === undefined) return
    this.view.dispatch(this.view.state.tr.setNodeMarkup(at, null, { ...this.node.attrs, language }))
    this.view.focus()
  }

  async #take(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.node.textContent)
    } catch {
      return // the text can still be selected and copied
    }
    this.#copy.textContent = m.code_copied()
    clearTimeout(this.#told)
    this.#told = setTimeout(() => {
      this.#copy.textContent = m.code_copy()
    }, COPIED)
  }

  #recolour = (): void => {
    this.#drawn = ''
    this.#show()
  }

  #drawSoon(): void {
    if (this.#drawn === this.node.textContent) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#draw(), this.#diagram ? PAUSE : 0)
  }

  async #draw(): Promise<void> {
    const text = this.node.textContent
    this.#drawn = text
    if (!this.#diagram) {
      this.#diagram = document.createElement('div')
      this.#diagram.className = 'diagram'
      this.#diagram.contentEditable = 'false'
      this.dom.append(this.#diagram)
    }
    if (text.trim() === '') return this.#diagram.replaceChildren()
    try {
      const { src, width, height } = await drawDiagram(text, dark.matches)
      if (this.#drawn !== text || !this.#diagram) return
      const image = new Image(width, height)
      image.alt = m.diagram_label()
      image.src = src
      this.#diagram.replaceChildren(image)
    } catch (thrown) {
      if (this.#drawn === text) this.#complain(thrown)
    }
  }

  /** Says what is wrong, below the last picture that was right. */
  #complain(thrown: unknown): void {
    const detail = thrown instanceof Error ? (thrown.message.split('\n')[0] ?? '') : String(thrown)
    const words = document.createElement('p')
    words.className = 'wrong'
    words.textContent = m.diagram_wrong({ detail })
    this.#diagram?.querySelector('.wrong')?.remove()
    this.#diagram?.append(words)
  }
}
