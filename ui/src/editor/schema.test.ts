/** The editor's schema is the one that Rust reads, writes and gates documents by. */
import { getSchema } from '@tiptap/core'
import { expect, test } from 'vitest'
import ours from '../../../crates/document/schema.json'
import { schemaExtensions } from './extensions'

const editor = getSchema(schemaExtensions())

const attributes = (attrs: Record<string, { default?: unknown }> | undefined) =>
  Object.entries(attrs ?? {}).map(([name, attribute]) => ({ name, default: attribute.default }))

test('nodes have the same names, content and attributes', () => {
  const nodes = Object.values(editor.nodes).map(({ name, spec }) => ({
    name,
    content: spec.content ?? '',
    attributes: attributes(spec.attrs),
  }))
  const expected = ours.nodes.map(({ name, content, attributes }) => ({ name, content, attributes }))
  const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)
  expect(nodes.sort(byName)).toEqual(expected.sort(byName))
})

test('marks have the same names, order and attributes', () => {
  const marks = Object.values(editor.marks).map(({ name, spec }) => ({
    name,
    attributes: attributes(spec.attrs),
  }))
  expect(marks).toEqual(ours.marks.map(({ name, attributes }) => ({ name, attributes })))
})
