// What Yjs can write beyond the editor: all value types, merged updates, states, deleted parents, split characters.
import * as Y from 'yjs'
import { author, take, vector } from '../lib/recorder.mjs'

const element = (name, ...children) => {
  const made = new Y.XmlElement(name)
  made.insert(
    0,
    children.map((child) => (typeof child === 'string' ? new Y.XmlText(child) : child)),
  )
  return made
}

function values() {
  const { meta, body, written } = author(21)
  const all = {
    null: null,
    undefined: undefined,
    true: true,
    false: false,
    zero: 0,
    'minus zero': -0,
    one: 1,
    'minus one': -1,
    63: 63,
    64: 64,
    '-64': -64,
    '2^31 - 1': 2 ** 31 - 1,
    '-2^31': -(2 ** 31),
    '2^53 - 1': 2 ** 53 - 1,
    1.5: 1.5,
    0.1: 0.1,
    '1e300': 1e300,
    infinity: Infinity,
    bigint: 2n ** 53n,
    text: 'é 😀',
    empty: '',
    bytes: new Uint8Array([0, 1, 127, 128, 255]),
    list: [1, [2, [3, null]], { deep: [true] }],
    object: { a: 1, b: { c: [] }, '': 'empty key' },
  }
  for (const [key, value] of Object.entries(all)) meta.set(key, value)
  for (const at of [1, 2, 3]) meta.set('again', at)
  meta.delete('one')
  meta.set('map', new Y.Map([['inner', 1]]))
  meta.set('array', Y.Array.from([1, 'two', new Uint8Array([3]), { four: 4 }]))
  meta.get('array').insert(2, [new Y.Map([['x', 'y']])])
  meta.get('array').delete(0, 1)
  meta.set('text', new Y.Text('shared'))
  meta.get('text').insertEmbed(3, { image: 'x', big: [1, { y: null }] })
  meta.get('text').format(0, 2, { bold: {}, link: { href: 'https://example.org', title: null } })
  const odd = element('paragraph', 'attributes of every kind')
  body.insert(0, [odd])
  for (const [key, value] of Object.entries(all)) if (value !== undefined) odd.setAttribute(key, value)
  odd.removeAttribute('one')
  return vector('values', 'Maps, arrays, embeds and attributes with every kind of value.', written)
}

function undo(gc) {
  const { title, body, meta, written } = author(gc ? 22 : 23, { gc })
  const manager = new Y.UndoManager([title, body, meta], { captureTimeout: 0 })
  title.insert(0, 'A title')
  body.insert(0, [element('paragraph', 'one'), element('paragraph', 'two')])
  body.get(0).setAttribute('textAlign', 'left')
  meta.set('k', 1)
  meta.set('k', 2)
  body.delete(0, 1)
  title.delete(2, 5)
  for (const step of [...'uuuuurruruuurr']) step === 'u' ? manager.undo() : manager.redo()
  manager.destroy()
  return vector(
    `undo, ${gc ? '' : 'not '}collected`,
    'An UndoManager walks back and forth over text, blocks and map keys.',
    written,
    { gc },
  )
}

function merged() {
  const { title, body, written } = author(24)
  const out = []
  const flush = (queue) => out.push(queue.length === 1 ? queue[0] : Y.mergeUpdates(queue))
  body.insert(0, [element('paragraph', '')])
  const text = body.get(0).get(0)
  for (const letter of 'written one by one') text.insert(text.length, letter)
  flush(written.splice(0))
  for (const letter of 'Title') title.insert(title.length, letter)
  text.delete(3, 4)
  flush(written.splice(0))
  for (const letter of 'backwards') text.insert(0, letter)
  text.format(2, 6, { italic: {} })
  flush(written.splice(0))
  return vector(
    'merged neighbours',
    'Y.mergeUpdates over the queue of one author: structs stay apart, each update is complete.',
    out,
  )
}

function states() {
  const ada = author(25)
  const noor = author(26)
  const log = []
  const bring = (from, to) => {
    const update = Y.encodeStateAsUpdate(from.doc, Y.encodeStateVector(to.doc))
    take(to.doc, [update])
    log.push(update)
  }
  ada.title.insert(0, 'Both')
  ada.body.insert(0, [element('paragraph', 'from Ada')])
  bring(ada, noor)
  noor.body.get(0).get(0).insert(4, ' and Noor')
  ada.body.get(0).get(0).insert(0, 'text ')
  ada.body.insert(1, [element('bulletList', element('listItem', element('paragraph', 'point')))])
  bring(noor, ada)
  bring(ada, noor)
  noor.body.get(0).get(0).delete(2, 6)
  bring(noor, ada)
  // Whole states repeat what is known; the one after the next begins in the middle of a known struct.
  log.push(Y.encodeStateAsUpdate(ada.doc))
  ada.title.insert(4, ' of them')
  log.push(Y.encodeStateAsUpdate(ada.doc))
  log.push(Y.encodeStateAsUpdate(ada.doc, Y.encodeStateVector(noor.doc)))
  log.push(Y.encodeStateAsUpdate(new Y.Doc()))
  return vector(
    'states',
    'States by state vector, whole states again, a state that straddles what is known, an empty one.',
    log,
  )
}

function underDeleted(gc) {
  const base = gc ? 31 : 41
  const [one, two, three] = [author(base, { gc }), author(base + 1, { gc }), author(base + 2, { gc })]
  one.body.insert(0, [
    element('paragraph', 'stays'),
    element('bulletList', element('listItem', element('paragraph', 'goes away'))),
  ])
  const log = one.written.splice(0)
  take(two.doc, log)
  take(three.doc, log)
  // Offline: one deletes the list, two writes into it, three adds an item and an attribute.
  one.body.delete(1, 1)
  const point = two.body.get(1).get(0).get(0)
  point.get(0).insert(4, ' never')
  point.get(0).format(0, 4, { bold: {} })
  point.insert(1, [new Y.XmlText('more')])
  three.body.get(1).insert(1, [element('listItem', element('paragraph', 'late item'))])
  three.body.get(1).setAttribute('tight', true)
  log.push(...one.written.splice(0))
  const queues = [two.written.splice(0), three.written.splice(0)]
  log.push(Y.mergeUpdates(queues[0]), ...queues[1])
  const late = author(base + 3, { gc })
  take(late.doc, log)
  log.push(Y.encodeStateAsUpdate(late.doc))
  return vector(
    `under a deleted parent, ${gc ? '' : 'not '}collected`,
    'Words typed offline under a block that somebody deleted meanwhile.',
    log,
    { gc },
  )
}

function characters() {
  const { title, body, written } = author(27)
  body.insert(0, [element('paragraph', 'a👩‍👩‍👧‍👦b🏳️‍🌈c')])
  const text = body.get(0).get(0)
  text.insert(3, '\u200d')
  text.insert(2, '|') // between the two halves of the first woman: both become U+FFFD
  text.delete(0, 1)
  text.insert(text.length, '\ufeffe\u0301 ﷺ 𝒳 ก็')
  text.format(5, 4, { bold: {} })
  title.insert(0, '😀😃')
  title.delete(1, 1) // half of a smile
  title.insert(0, '\ud83d\ude00'.repeat(20))
  title.delete(3, 9)
  return vector(
    'characters',
    'Emoji, joiners, a byte order mark, pairs cut in half: counted in UTF-16 units.',
    written,
  )
}

function beyondTheSchema() {
  const { body, written } = author(28)
  body.insert(0, [
    element('paragraph', 'known'),
    element('hologram', element('paragraph', 'unknown block')),
    element('heading', element('listItem', 'wrongly nested')),
  ])
  body
    .get(0)
    .get(0)
    .format(0, 2, { sparkle: { hue: 7 } })
  body.get(0).setAttribute('mood', 'blue')
  body.get(0).get(0).insertEmbed(3, { formula: 'x' })
  return vector(
    'beyond the schema',
    'Names, nestings, marks and attributes that the editor does not know must stay.',
    written,
  )
}

export default () => [
  values(),
  undo(true),
  undo(false),
  merged(),
  states(),
  underDeleted(true),
  underDeleted(false),
  characters(),
  beyondTheSchema(),
]
