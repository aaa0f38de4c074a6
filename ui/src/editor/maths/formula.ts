/** Draws a formula from its LaTeX. The library and its letters come with the first one. */
import { m } from '../../paraglide/messages'

let katex: typeof import('katex').default | undefined
let loading: Promise<void> | undefined

async function load(): Promise<void> {
  const [library] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')])
  katex = library.default
}

/** Draws a formula into an element: at once, or as soon as that is possible; until then, and if it is wrong, its text. */
export function drawFormula(element: HTMLElement, latex: string, display: boolean): void {
  element.dataset.latex = latex
  if (katex) {
    draw(element, latex, display)
    return
  }
  element.textContent = latex
  loading ??= load()
  void loading.then(() => {
    if (element.dataset.latex === latex) draw(element, latex, display)
  })
}

function draw(element: HTMLElement, latex: string, display: boolean): void {
  element.classList.remove('wrong')
  element.removeAttribute('title')
  try {
    // As elements, not as text: a text with styles in it is what the page may not take.
    katex?.render(latex, element, {
      displayMode: display,
      throwOnError: true,
      trust: false,
      maxSize: 40,
      maxExpand: 500,
    })
  } catch (thrown) {
    element.classList.add('wrong')
    element.textContent = display ? m.math_wrong({ detail: wordsOf(thrown) }) : latex
    element.title = m.math_wrong({ detail: wordsOf(thrown) })
  }
}

/** Returns what the library says, without its own name and the position that nobody counts to. */
function wordsOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return message
    .replace(/^KaTeX parse error: /u, '')
    .replace(/ at position \d+:.*$/su, '')
    .trim()
}
