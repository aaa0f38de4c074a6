/**
 * Formulas in the line are drawn while the caret is elsewhere; where it is, there is their text. Decorations only: the
 * document holds LaTeX and nothing else.
 */
import type { Node } from '@tiptap/pm/model'
import { type EditorState, Plugin, PluginKey, TextSelection } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { changedBlocks, textBlocks } from '../changed'
import { drawFormula } from './formula'

interface State {
  set: DecorationSet
  /** The keyboard is in the text. */
  focused: boolean
}

const key = new PluginKey<State>('formulas')

/** Draws the formulas of an editor. */
export function formulas(): Plugin {
  return new Plugin<State>({
    key,
    state: {
      init: (_, { doc }) => ({
        set: DecorationSet.create(doc, textBlocks(doc).flatMap(drawnIn)),
        focused: false,
      }),
      apply: (change, { set, focused }) => {
        const told: boolean | undefined = change.getMeta(key)
        if (!change.docChanged) return { set, focused: told ?? focused }
        let next = set.map(change.mapping, change.doc)
        const blocks = changedBlocks(change)
        for (const { node, at } of blocks) next = next.remove(next.find(at, at + node.nodeSize))
        return { set: next.add(change.doc, blocks.flatMap(drawnIn)), focused: told ?? focused }
      },
    },
    props: {
      decorations: shown,
      handleDOMEvents: {
        focus: (view) => tell(view, true),
        blur: (view) => tell(view, false),
      },
    },
  })
}

function tell(view: EditorView, focused: boolean): boolean {
  if (key.getState(view.state)?.focused !== focused) view.dispatch(view.state.tr.setMeta(key, focused))
  return false
}

/** Returns the formulas, but not the one that the caret touches; and which block of LaTeX the caret is in. */
function shown(state: EditorState): DecorationSet {
  const { set = DecorationSet.empty, focused = false } = key.getState(state) ?? {}
  if (!focused) return set
  const { from, to, $from } = state.selection
  const touched = set.find(from, to, isFormula)
  const whole = touched.flatMap((part) => [part, ...set.find(part.to, part.to, isFormula)])
  const rest = whole.length > 0 ? set.remove(whole) : set
  if ($from.parent.type.name !== 'mathBlock') return rest
  return rest.add(state.doc, [Decoration.node($from.before(), $from.after(), { class: 'editing' })])
}

const isFormula = (spec: { formula?: boolean }) => spec.formula === true

/** Returns the formulas of a block of text: each hides its text, and draws behind it. */
function drawnIn({ node, at }: { node: Node; at: number }): Decoration[] {
  const found: Decoration[] = []
  let [from, latex] = [-1, '']
  const end = (to: number) => {
    if (from >= 0 && latex.trim()) {
      found.push(Decoration.inline(from, to, { class: 'formula-text' }, { formula: true }), widget(to, latex))
    }
    ;[from, latex] = [-1, '']
  }
  node.forEach((child, offset) => {
    const here = at + 1 + offset
    if (child.isText && child.marks.some((mark) => mark.type.name === 'math')) {
      if (from < 0) from = here
      latex += child.text ?? ''
    } else end(here)
  })
  end(at + 1 + node.content.size)
  return found
}

function widget(to: number, latex: string): Decoration {
  const draw = (view: EditorView, position: () => number | undefined) => {
    const element = document.createElement('span')
    element.className = 'formula'
    element.contentEditable = 'false'
    drawFormula(element, latex, false)
    element.addEventListener('mousedown', (event) => {
      const at = position()
      if (at === undefined || event.button !== 0) return
      event.preventDefault()
      view.focus()
      view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at)))
    })
    return element
  }
  return Decoration.widget(to, draw, { side: -1, key: `formula ${latex}`, formula: true })
}
