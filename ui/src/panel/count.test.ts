/** How long a text is, in any script. */
import { getSchema } from '@tiptap/core'
import { expect, test } from 'vitest'
import { schemaExtensions } from '../editor/extensions'
import { counted, minutesFor } from './count'

const schema = getSchema(schemaExtensions())
const never = () => false
const doc = (...lines: unknown[]) => schema.nodeFromJSON({ type: 'doc', content: lines })
const line = (...content: unknown[]) => ({ type: 'paragraph', content })
const words = (text: string) => ({ type: 'text', text })

test('words and characters are counted as people do', async () => {
  const text = doc(
    line(words('The ferry leaves at nine.')),
    line(words('渡し船'), { type: 'hardBreak' }, words('👩‍🚀')),
    line(),
    line(words('See '), { type: 'mention', attrs: { kind: 'document', id: 'x', label: 'Ferry timetable' } }),
  )
  const count = await counted(text, never)
  expect(count?.characters, 'an astronaut is one, and a new line none').toBe(25 + 3 + 1 + 4 + 15)
  expect(count?.words).toBeGreaterThanOrEqual(5 + 1 + 3)
})

test('a document that changed meanwhile is not counted to its end', async () => {
  const long = doc(
    ...Array.from({ length: 600 }, (_, at) => line(words(`line ${at} ${'of the log '.repeat(20)}`))),
  )
  expect(await counted(long, () => true)).toBeNull()
  expect((await counted(long, never))?.words).toBe(600 * 62)
})

test('a text takes at least a minute to read, an empty one none', () => {
  expect([0, 1, 219, 330, 2200].map(minutesFor)).toEqual([0, 1, 1, 2, 10])
})
