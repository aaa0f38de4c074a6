// Which documents a stock editor's binding can open without harm: the truth that Rust's gate must foresee.
import { getSchema } from '@tiptap/core'
import * as Y from 'yjs'
import { chance } from '../lib/chance.mjs'
import { openEditor, quietExtensions, schemaExtensions, settled } from '../lib/editor.mjs'
import { base64, tree } from '../lib/reading.mjs'
import { author } from '../lib/recorder.mjs'

const SCHEMA = getSchema(schemaExtensions)
const NODES = [...Object.keys(SCHEMA.nodes).filter((name) => !['doc', 'text'].includes(name)), 'hologram']
const BLOCKS = NODES.filter((name) => SCHEMA.nodes[name]?.isInGroup('block'))
const MARKS = Object.keys(SCHEMA.marks)

/** A block, mostly as the schema wants it; now and then something is wrong with it. */
function node(luck, name, depth) {
  const made = new Y.XmlElement(name)
  const type = SCHEMA.nodes[name]
  const children = []
  if (luck.once(12)) children.push(node(luck, luck.pick(NODES), depth + 1))
  if (!type) children.push(node(luck, 'paragraph', depth + 1))
  else if (type.inlineContent) children.push(...inline(luck, name))
  else if (depth < 6 && !luck.once(15)) {
    for (
      let match = type.contentMatch;
      children.length < 3;
      match = match.matchType(SCHEMA.nodes[children.at(-1).nodeName])
    ) {
      if (!match || (match.validEnd && luck.once(2))) break
      const fitting = NODES.filter((other) => SCHEMA.nodes[other] && match.matchType(SCHEMA.nodes[other]))
      if (fitting.length === 0) break
      // Paragraphs end what would otherwise nest for ever.
      children.push(
        node(
          luck,
          fitting.includes('paragraph') && luck.once(2) ? 'paragraph' : luck.pick(fitting),
          depth + 1,
        ),
      )
    }
  }
  made.insert(0, children)
  return made
}

function inline(luck, parent) {
  const text = new Y.XmlText('some words')
  if (luck.once(SCHEMA.nodes[parent].spec.marks === '' ? 8 : 2))
    for (let marks = luck.below(3); marks >= 0; marks--) text.format(luck.below(6), 3, { [mark(luck)]: {} })
  return luck.once(5) && parent === 'paragraph' ? [text, new Y.XmlElement('hardBreak')] : [text]
}

const mark = (luck) => (luck.once(12) ? 'sparkle' : luck.pick(MARKS))

async function opened(seed) {
  const luck = chance(seed)
  const page = author(5)
  page.body.insert(
    0,
    Array.from({ length: 1 + luck.below(3) }, () => node(luck, luck.pick(luck.once(15) ? NODES : BLOCKS), 0)),
  )
  const before = JSON.stringify(tree(page.body))
  const updates = page.written.splice(0).map(base64)
  const editor = await openEditor(page.doc, quietExtensions)
  editor.view.dispatch(editor.state.tr.setMeta('addToHistory', false))
  await settled()
  const kept = page.written.length === 0 && JSON.stringify(tree(page.body)) === before
  editor.destroy()
  return { name: `opened ${seed}`, updates, kept }
}

export default async () => {
  const made = []
  for (let seed = 1; seed <= 240; seed += 1) made.push(await opened(seed))
  return made
}
