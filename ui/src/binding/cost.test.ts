/** An edit costs what changed, not what there is: counted in a document of ten thousand blocks. */
import { getSchema } from '@tiptap/core'
import { EditorState, type Transaction } from '@tiptap/pm/state'
import { Transform } from '@tiptap/pm/transform'
import { initProseMirrorDoc } from '@tiptap/y-tiptap'
import { afterEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { schemaExtensions } from '../editor/extensions'
import { Mirror } from './mirror'
import { Branch, Words } from './pieces'
import { changedBy } from './range'
import { made, type Spec, stored } from './testing'
import { unknownKinds } from './unknown'
import { write } from './write'

const BLOCKS = 10_000
const FAR = 7000
/** So many pieces may be looked at: a chunk or two of siblings, a few times. */
const FEW = 800

const schema = getSchema([...schemaExtensions(), ...unknownKinds])
const long = () =>
  stored(...Array.from({ length: BLOCKS }, (_, line): Spec => ['paragraph', `line ${line} of the log`]))

afterEach(() => vi.restoreAllMocks())

/** Binds a mirror to a document, and counts the pieces and types that are looked at. */
function bound(doc: Y.Doc) {
  const content = doc.getXmlFragment('default')
  const mirror = new Mirror(content, schema)
  doc.on('afterTransaction', (change) => mirror.absorb(change, new Transform(mirror.doc)))
  const looks = [
    vi.spyOn(Branch.prototype, 'size', 'get'),
    vi.spyOn(Words.prototype, 'size', 'get'),
    vi.spyOn(Y.XmlText.prototype, 'toDelta'),
  ]
  const whole = vi.spyOn(Y.XmlFragment.prototype, 'toArray')
  const count = (act: () => void) => {
    for (const look of looks) look.mockClear()
    whole.mockClear()
    act()
    expect(
      whole.mock.contexts.filter((type) => type === content),
      'nobody lists all the blocks',
    ).toEqual([])
    return looks.reduce((sum, look) => sum + look.mock.calls.length, 0)
  }
  const edit = (change: (tr: Transaction) => Transaction) => {
    const { tr } = EditorState.create({ doc: mirror.doc })
    change(tr)
    const range = changedBy(tr.steps, null) ?? null
    doc.transact(() => write(mirror.root, tr.doc, range, () => ({})))
    expect(mirror.adopt(tr.doc, range?.from, range?.after), 'it shows what was written').toBe(true)
  }
  return { content, mirror, count, edit }
}

function report(what: string, visits: number): void {
  process(`${what}: ${visits} of ${2 * BLOCKS} pieces`)
}

function process(line: string): void {
  const { process } = globalThis as { process?: { stdout: { write(text: string): void } } }
  process?.stdout.write(`binding: ${line}\n`)
}

test('what others write is found without walking the document', () => {
  const { content, mirror, count } = bound(long())
  const block = content.get(FAR) as Y.XmlElement
  const letter = count(() => (block.get(0) as Y.XmlText).insert(3, 'x'))
  const line = count(() => content.insertAfter(block, [made(['paragraph', 'new'])]))
  const gone = count(() => block._item?.parent && content.delete(FAR, 1))
  for (const [what, visits] of Object.entries({ letter, line, gone })) {
    report(`a remote ${what}`, visits)
    expect(visits, what).toBeLessThan(FEW)
  }
  expect(mirror.doc.child(FAR).textContent).toBe('new')
}, 60_000)

test('what a person writes is written without walking the document', () => {
  const { content, count, edit, mirror } = bound(long())
  let at = 1
  for (let block = 0; block < FAR; block += 1) at += mirror.doc.child(block).nodeSize
  const letter = count(() => edit((tr) => tr.insertText('x', at + 4)))
  const enter = count(() => edit((tr) => tr.split(at + 4)))
  for (const [what, visits] of Object.entries({ letter, enter })) {
    report(`one's own ${what}`, visits)
    expect(visits, what).toBeLessThan(FEW)
  }
  expect(content.get(FAR).toString()).toBe('<paragraph>line</paragraph>')
}, 60_000)

test('a long document is read as the stock binding reads it; how long that takes is printed', () => {
  const content = long().getXmlFragment('default')
  const time = (read: () => unknown) => {
    const times = Array.from({ length: 5 }, () => {
      const begin = performance.now()
      read()
      return performance.now() - begin
    })
    return times.sort((one, other) => one - other)[2] as number
  }
  const stock = time(() => initProseMirrorDoc(content, schema))
  const ours = time(() => new Mirror(content, schema))
  process(`first reading of ${BLOCKS} blocks takes ${(ours / stock).toFixed(2)} of the stock binding's time`)
  expect(new Mirror(content, schema).doc.eq(initProseMirrorDoc(content, schema).doc)).toBe(true)
}, 60_000)
