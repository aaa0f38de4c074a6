/** The search in an editor: which matches there are, drawn on the text; the steps between them; replacing. */
import { type EditorState, Plugin, PluginKey, TextSelection, type Transaction } from '@tiptap/pm/state'
import { Decoration, DecorationSet, type EditorView } from '@tiptap/pm/view'
import { bringNear, scrollTo } from '../windowing'
import { firstFrom, type Match, type Question, Search } from './search'

/** What is found. */
export interface Finding {
  question: Question
  matches: readonly Match[]
  /** The number of the match that is shown. */
  current: number
}

interface State extends Finding {
  search: Search
  set: DecorationSet
}

type Told = { question: Question | null } | { current: number }

const key = new PluginKey<State | null>('finding')

/** Lets an editor be searched. */
export function finding(changed: (finding: Finding | null) => void): Plugin {
  return new Plugin<State | null>({
    key,
    state: {
      init: () => null,
      apply: (change, before, _, state) => follow(change, before, state),
    },
    props: { decorations: (state) => key.getState(state)?.set },
    view: () => ({
      update: (view, before) => {
        const now = key.getState(view.state)
        if (now !== key.getState(before)) changed(now ?? null)
      },
    }),
  })
}

/** Looks for something; null ends the search. */
export function look(view: EditorView, question: Question | null): void {
  view.dispatch(view.state.tr.setMeta(key, { question } satisfies Told))
}

/** Shows the next match, or the one before. */
export function step(view: EditorView, by: 1 | -1): void {
  const { matches = [], current = 0 } = key.getState(view.state) ?? {}
  if (matches.length > 0) show(view, (current + by + matches.length) % matches.length)
}

/** Shows a match: the caret is at it then, and the window. */
export function show(view: EditorView, current: number): void {
  const match = key.getState(view.state)?.matches[current]
  if (!match) return
  const { tr, doc } = view.state
  tr.setMeta(key, { current } satisfies Told).setSelection(TextSelection.create(doc, match.from, match.to))
  view.dispatch(tr)
  bringNear(view, match.from)
  scrollTo(() => view.dom.querySelector('.found.current'), 'center')
}

/** Puts other words in the place of the match that is shown, and shows the next one. */
export function replace(view: EditorView, words: string): void {
  const { matches = [], current = 0 } = key.getState(view.state) ?? {}
  const match = matches[current]
  if (!match) return
  view.dispatch(put(view.state, view.state.tr, match, words))
  const after = key.getState(view.state)?.matches ?? []
  if (after.length > 0) show(view, firstFrom(after, match.from + words.length))
}

/** Puts other words in the place of every match, as one change; returns how many there were. */
export function replaceAll(view: EditorView, words: string): number {
  const { matches = [] } = key.getState(view.state) ?? {}
  const { tr } = view.state
  for (const match of [...matches].reverse()) put(view.state, tr, match, words)
  if (matches.length > 0) view.dispatch(tr)
  return matches.length
}

function put({ doc, schema }: EditorState, tr: Transaction, { from, to }: Match, words: string): Transaction {
  if (words === '') return tr.delete(from, to)
  return tr.replaceWith(from, to, schema.text(words, doc.resolve(from).nodeAfter?.marks))
}

function follow(change: Transaction, before: State | null, { doc, selection }: EditorState): State | null {
  const told: Told | undefined = change.getMeta(key)
  if (told && 'question' in told) {
    if (!told.question) return null
    const search = new Search(told.question)
    const matches = search.in(doc)
    return drawn(doc, {
      question: told.question,
      search,
      matches,
      current: firstFrom(matches, selection.from),
    })
  }
  if (!before || (!change.docChanged && !told)) return before
  const matches = change.docChanged ? before.search.in(doc) : before.matches
  const kept = change.docChanged
    ? firstFrom(matches, change.mapping.map(before.matches[before.current]?.from ?? 0))
    : before.current
  return drawn(doc, { ...before, matches, current: told ? told.current : kept })
}

function drawn(doc: EditorState['doc'], finding: Omit<State, 'set'>): State {
  const marks = finding.matches.map(({ from, to }, at) =>
    Decoration.inline(from, to, { class: at === finding.current ? 'found current' : 'found' }),
  )
  return { ...finding, set: DecorationSet.create(doc, marks) }
}
