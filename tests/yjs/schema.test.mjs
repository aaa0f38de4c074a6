// The schema that Rust believes in is the one that Tiptap builds.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import { getSchema } from '@tiptap/core'
import { schemaExtensions } from './lib/editor.mjs'

const ours = JSON.parse(readFileSync(new URL('../../crates/document/schema.json', import.meta.url)))
const theirs = getSchema(schemaExtensions)

const byName = (list) => Object.fromEntries(list.map((kind) => [kind.name, kind]))
const attributes = (spec) =>
  Object.entries(spec.attrs ?? {}).map(([name, { default: value }]) => ({ name, default: value }))

test('nodes have the same content, groups, marks and attributes', () => {
  const real = Object.values(theirs.nodes).map(({ name, spec, inlineContent, markSet }) => ({
    name,
    groups: spec.group?.split(' ') ?? [],
    content: spec.content ?? '',
    // Only where there is text does it matter whether text may be marked.
    marks: !inlineContent || markSet === null,
    attributes: attributes(spec),
  }))
  assert.deepEqual(byName(ours.nodes), byName(real))
})

test('marks have the same attributes and order', () => {
  const real = Object.values(theirs.marks).map((mark) => ({
    name: mark.name,
    attributes: attributes(mark.spec),
  }))
  assert.deepEqual(ours.marks, real)
})

test('a mark excludes itself, or it would be stored under a hash, and no other, or one of two concurrent marks would go', () => {
  for (const mark of Object.values(theirs.marks)) {
    for (const other of Object.values(theirs.marks))
      assert.equal(mark.excludes(other), mark === other, mark.name)
  }
})
