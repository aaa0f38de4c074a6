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

test('marks have the same attributes, order and company', () => {
  const real = Object.values(theirs.marks).map((mark) => ({
    name: mark.name,
    alone: Object.values(theirs.marks).every((other) => mark.excludes(other)),
    attributes: attributes(mark.spec),
  }))
  assert.deepEqual(ours.marks, real)
})

test('only a mark that excludes itself is stored without a hash, and all of ours do', () => {
  for (const mark of Object.values(theirs.marks)) assert.ok(mark.excludes(mark), mark.name)
})
