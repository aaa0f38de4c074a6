/** A formula of its own: drawn, and, while the caret is in it or it is wrong, its text above. */
import type { Node } from '@tiptap/pm/model'
import { TextSelection } from '@tiptap/pm/state'
import type { EditorView } from '@tiptap/pm/view'
import { m } from '../../paraglide/messages'
import { drawFormula } from '../maths/formula'
import type { OwnView } from '.'

/** Makes the view of a formula. */
export function mathView(node: Node, view: EditorView, at: () => number | undefined): OwnView {
  const [dom, pre, contentDOM, drawn] = ['div', 'pre', 'code', 'div'].map((tag) =>
    document.createElement(tag),
  ) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement]
  dom.className = 'math'
  pre.spellcheck = false
  pre.append(contentDOM)
  drawn.className = 'math-drawn'
  drawn.contentEditable = 'false'
  dom.append(pre, drawn)
  drawn.addEventListener('mousedown', (event) => {
    const position = at()
    if (position === undefined || event.button !== 0) return
    event.preventDefault()
    view.focus()
    const { tr, doc } = view.state
    const end = position + 1 + (doc.nodeAt(position)?.content.size ?? 0)
    view.dispatch(tr.setSelection(TextSelection.create(doc, end)))
  })
  let shown: string | null = null
  const show = ({ textContent }: Node) => {
    if (textContent === shown) return
    shown = textContent
    drawn.classList.toggle('empty', textContent.trim() === '')
    if (textContent.trim()) drawFormula(drawn, textContent, true)
    else drawn.textContent = m.math_empty()
  }
  show(node)
  return {
    dom,
    contentDOM,
    update: (next) => {
      if (next.type !== node.type) return false
      show(next)
      return true
    },
    ignoreMutation: (mutation) => !contentDOM.contains(mutation.target),
  }
}
