/** Which blocks are near, and how a range of them follows the document's changes. */
import { getSchema } from '@tiptap/core'
import type { Node } from '@tiptap/pm/model'
import { expect, test } from 'vitest'
import { schemaExtensions } from './extensions'
import { between, blockAt, follow, MOST, union } from './near'
import { BLOCKS } from './windowing'

const schema = getSchema(schemaExtensions())

function document(blocks: Node[]): Node {
  return schema.node('doc', null, blocks)
}

function lines(count: number, words = 'line'): Node[] {
  return Array.from({ length: count }, (_, line) =>
    schema.node('paragraph', null, schema.text(`${words} ${line}`)),
  )
}

test('ranges that touch are one, and none reaches beyond the document', () => {
  expect(
    union(
      [
        [90, 120],
        [-8, 8],
        [8, 20],
        [30, 30],
      ],
      100,
    ),
  ).toEqual([
    [0, 20],
    [90, 100],
  ])
})

test('what is not near is between', () => {
  expect(
    between(
      [
        [0, 20],
        [90, 100],
      ],
      100,
    ),
  ).toEqual([[20, 90]])
  expect(between([[10, 20]], 100)).toEqual([
    [0, 10],
    [20, 100],
  ])
  expect(between([], 3)).toEqual([[0, 3]])
  expect(between([[0, 3]], 3)).toEqual([])
})

test('what Imke sees follows the text when Tomás writes above it, and stays when he writes below', () => {
  const blocks = lines(100)
  const before = document(blocks)
  const above = document([...blocks.slice(0, 10), ...lines(5, 'new'), ...blocks.slice(10)])
  expect(follow([40, 60], before, above)).toEqual([45, 65])
  const below = document([...blocks.slice(0, 80), ...lines(5, 'new'), ...blocks.slice(80)])
  expect(follow([40, 60], before, below)).toEqual([40, 60])
  const within = document([...blocks.slice(0, 50), ...lines(2, 'new'), ...blocks.slice(51)])
  expect(follow([40, 60], before, within)).toEqual([40, 61])
  const gone = document([...blocks.slice(0, 30), ...blocks.slice(50)])
  expect(follow([40, 60], before, gone)).toEqual([30, 40])
})

test('a paste of ten thousand lines is not seen as a whole', () => {
  const blocks = lines(100)
  const pasted = document([...blocks.slice(0, 50), ...lines(10_000, 'new'), ...blocks.slice(50)])
  const [from, to] = follow([40, 60], document(blocks), pasted)
  expect([from, to - from]).toEqual([40, MOST])
})

test('a position is in its block; beyond the end it is in the last one', () => {
  const doc = document(lines(3))
  expect([0, 1, 9, doc.content.size, 10_000].map((position) => blockAt(doc, position))).toEqual([
    0, 0, 1, 2, 2,
  ])
})

test('every kind of block that may stand at the top of a document can be far', () => {
  const allowed = Object.values(schema.nodes).filter((kind) =>
    schema.topNodeType.contentMatch.matchType(kind),
  )
  expect([...BLOCKS].sort()).toEqual(allowed.map(({ name }) => name).sort())
})
