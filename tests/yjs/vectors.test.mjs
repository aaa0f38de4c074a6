// The committed vectors are what these versions of Yjs and Tiptap write today.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

test('vectors are fresh', () => {
  const run = spawnSync(process.execPath, ['vectors.mjs', '--check'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  })
  assert.equal(run.status, 0, run.stderr)
})
