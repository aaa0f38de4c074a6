/** The editor's schema is the one that Rust reads, writes and gates documents by. */
import { getSchema } from '@tiptap/core'
import { expect, test } from 'vitest'
import ours from '../../../crates/document/schema.json'
import { schemaExtensions } from './extensions'

const editor = getSchema(schemaExtensions())

const attributes = (attrs: Record<string, { default?: unknown }> | undefined) =>
  Object.entries(attrs ?? {}).map(([name, attribute]) => ({ name, default: attribute.default }))

test('nodes have the same names, groups, content and attributes', () => {
  const nodes = Object.values(editor.nodes).map(({ name, spec, inlineContent, markSet }) => ({
    name,
    groups: spec.group?.split(' ') ?? [],
    content: spec.content ?? '',
    // Only where there is text does it matter whether text may be marked.
    marks: !inlineContent || markSet === null,
    attributes: attributes(spec.attrs),
  }))
  const expected = [...ours.nodes]
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

test('a mark excludes itself and no other, or one of two that two people set at the same time would go', () => {
  for (const mark of Object.values(editor.marks))
    for (const other of Object.values(editor.marks))
      expect(mark.excludes(other), `${mark.name} and ${other.name}`).toBe(mark === other)
})
