/** What the slash menu offers. */

import AtSign from '@lucide/svelte/icons/at-sign'
import Code from '@lucide/svelte/icons/code'
import FileText from '@lucide/svelte/icons/file-text'
import Heading1 from '@lucide/svelte/icons/heading-1'
import Heading2 from '@lucide/svelte/icons/heading-2'
import Heading3 from '@lucide/svelte/icons/heading-3'
import Image from '@lucide/svelte/icons/image'
import Info from '@lucide/svelte/icons/info'
import Lightbulb from '@lucide/svelte/icons/lightbulb'
import List from '@lucide/svelte/icons/list'
import ListChecks from '@lucide/svelte/icons/list-checks'
import ListCollapse from '@lucide/svelte/icons/list-collapse'
import ListOrdered from '@lucide/svelte/icons/list-ordered'
import MessageSquareWarning from '@lucide/svelte/icons/message-square-warning'
import Minus from '@lucide/svelte/icons/minus'
import OctagonAlert from '@lucide/svelte/icons/octagon-alert'
import Paperclip from '@lucide/svelte/icons/paperclip'
import Quote from '@lucide/svelte/icons/quote'
import Sigma from '@lucide/svelte/icons/sigma'
import Smile from '@lucide/svelte/icons/smile'
import Superscript from '@lucide/svelte/icons/superscript'
import Table from '@lucide/svelte/icons/table'
import TableOfContents from '@lucide/svelte/icons/table-of-contents'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'
import Type from '@lucide/svelte/icons/type'
import Workflow from '@lucide/svelte/icons/workflow'
import type { JSONContent } from '@tiptap/core'
import { PICTURES, pickFiles } from '../../files/adding'
import { m } from '../../paraglide/messages'
import { setFootnote } from '../blocks/footnotes'
import { insertBlock, type Turn, turn } from '../blocks/turn'
import { CALLOUTS, calloutName } from '../kinds/callout'
import { matching } from './match'
import type { Choice } from './menu.svelte'

type Icon = NonNullable<Choice['icon']>

const CALLOUT_ICONS: Record<(typeof CALLOUTS)[number], Icon> = {
  note: Info,
  tip: Lightbulb,
  important: MessageSquareWarning,
  warning: TriangleAlert,
  caution: OctagonAlert,
}

/** Returns what a line can be turned into. */
export function turns(): (Choice & { id: Turn })[] {
  const group = m.menu_text()
  const one = (id: Turn, icon: Icon, name: string, hint?: string, words = '') => ({
    id,
    group,
    icon,
    name,
    words: words.split(' '),
    ...(hint ? { hint } : {}),
    run: (chain: Parameters<Choice['run']>[0]) => turn(chain, id),
  })
  return [
    one('paragraph', Type, m.block_paragraph(), undefined, 'paragraph plain'),
    one('heading1', Heading1, m.block_heading({ level: 1 }), '#', 'title h1'),
    one('heading2', Heading2, m.block_heading({ level: 2 }), '##', 'title h2'),
    one('heading3', Heading3, m.block_heading({ level: 3 }), '###', 'title h3'),
    one('bulletList', List, m.block_bullets(), '-', 'unordered ul'),
    one('orderedList', ListOrdered, m.block_numbers(), '1.', 'ordered ol'),
    one('taskList', ListChecks, m.block_tasks(), '[]', 'todo checkbox checklist'),
    one('toggle', ListCollapse, m.block_toggle(), '>>', 'fold details collapse'),
    one('blockquote', Quote, m.block_quote(), '>', 'citation'),
    one('codeBlock', Code, m.block_code(), '```', 'pre snippet'),
    ...CALLOUTS.map((kind) => ({
      ...one(`callout ${kind}`, CALLOUT_ICONS[kind], calloutName(kind), `[!${kind}]`, 'callout box alert'),
      group: m.menu_callouts(),
    })),
  ]
}

/** Returns what can be put in. */
function insertions(): Choice[] {
  const group = m.menu_insert()
  const block = (
    id: string,
    icon: Icon,
    name: string,
    content: () => JSONContent,
    hint?: string,
    words = '',
  ) => ({
    id,
    group,
    icon,
    name,
    words: words.split(' '),
    ...(hint ? { hint } : {}),
    run: (chain: Parameters<Choice['run']>[0]) =>
      chain.command(({ tr, editor }) => insertBlock(tr, editor.schema.nodeFromJSON(content()))),
  })
  const typed = (id: string, icon: Icon, name: string, sign: string, words = ''): Choice => ({
    id,
    group,
    icon,
    name,
    hint: sign,
    words: words.split(' '),
    run: (chain) => chain.insertContent(sign),
  })
  const picked = (id: string, icon: Icon, name: string, accept: string, words: string): Choice => ({
    id,
    group,
    icon,
    name,
    words: words.split(' '),
    run: (chain) =>
      chain.command(({ view }) => {
        pickFiles(view, accept)
        return true
      }),
  })
  return [
    picked('picture', Image, m.picture(), PICTURES, 'image photo figure'),
    picked('attachment', Paperclip, m.attachment(), '', 'attachment upload pdf'),
    block('table', Table, m.block_table(), table, undefined, 'grid'),
    block(
      'rule',
      Minus,
      m.block_rule(),
      () => ({ type: 'horizontalRule' }),
      '---',
      'line separator hr divider',
    ),
    block('math', Sigma, m.block_math(), () => ({ type: 'mathBlock' }), '$$', 'equation latex katex math'),
    block('diagram', Workflow, m.block_diagram(), diagram, undefined, 'mermaid flowchart chart'),
    {
      id: 'footnote',
      group,
      icon: Superscript,
      name: m.block_footnote(),
      words: ['note', 'reference'],
      run: (chain) => chain.command(({ tr }) => setFootnote(tr)),
    },
    block(
      'contents',
      TableOfContents,
      m.contents_label(),
      () => ({ type: 'contents' }),
      undefined,
      'toc outline',
    ),
    typed('document', FileText, m.menu_document(), '[[', 'page link'),
    typed('person', AtSign, m.menu_person(), '@', 'mention people'),
    typed('emoji', Smile, m.menu_emoji(), ':', 'smiley'),
  ]
}

/** Returns what the slash menu offers for what was typed behind it. */
export function blockChoices(typed: string): Choice[] {
  const [text, callouts] = [turns().slice(0, -CALLOUTS.length), turns().slice(-CALLOUTS.length)]
  const all = [...text, ...insertions(), ...callouts]
  const found = matching(all, typed, ({ name, words = [] }) => [name, ...words])
  // By how well they match, they no longer stand in groups.
  return typed ? found.map((choice) => ({ ...choice, group: '' })) : found
}

function table(): JSONContent {
  const row = (type: string) => ({
    type: 'tableRow',
    content: [1, 2, 3].map(() => ({ type, content: [{ type: 'paragraph' }] })),
  })
  return { type: 'table', content: [row('tableHeader'), row('tableCell'), row('tableCell')] }
}

function diagram(): JSONContent {
  const text = 'flowchart LR\n  A[North pier] --> B[South pier]'
  return { type: 'codeBlock', attrs: { language: 'mermaid' }, content: [{ type: 'text', text }] }
}
