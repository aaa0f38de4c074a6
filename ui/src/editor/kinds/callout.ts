/** The `callout` block: a note, a tip or a warning beside the text. Its kinds are those of GitHub's alerts. */
import { mergeAttributes, Node, wrappingInputRule } from '@tiptap/core'
import { m } from '../../paraglide/messages'
import { word } from './attribute'

/** What a callout can be. */
export const CALLOUTS = ['note', 'tip', 'important', 'warning', 'caution'] as const

/** One of them. */
export type CalloutKind = (typeof CALLOUTS)[number]

/** Returns what a callout is shown as; a kind that a later version knows is a note. */
export function calloutKind(stored: unknown): CalloutKind {
  return CALLOUTS.find((kind) => kind === stored) ?? 'note'
}

/** Returns what a kind of callout is called. */
export function calloutName(kind: CalloutKind): string {
  return {
    note: m.callout_note,
    tip: m.callout_tip,
    important: m.callout_important,
    warning: m.callout_warning,
    caution: m.callout_caution,
  }[kind]()
}

/** The block. */
export const Callout = Node.create({
  name: 'callout',
  group: 'block',
  content: 'block+',
  defining: true,

  addAttributes() {
    return { kind: word('kind', 'note') }
  },

  parseHTML() {
    return [{ tag: 'div[data-callout]' }]
  },

  renderHTML({ node, HTMLAttributes }) {
    const kind = calloutKind(node.attrs.kind)
    const own = { 'data-callout': kind, role: 'note', 'aria-label': calloutName(kind) }
    return ['div', mergeAttributes(HTMLAttributes, own), 0]
  },

  addInputRules() {
    const kind = (match: string[]) => ({ kind: calloutKind(match[1]?.toLowerCase()) })
    const find = /^\[!(note|tip|important|warning|caution)\]\s$/iu
    return [wrappingInputRule({ find, type: this.type, getAttributes: kind })]
  },
})
