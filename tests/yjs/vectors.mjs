// Makes the golden vectors with real Yjs and Tiptap. `node vectors.mjs` writes them; `--check` compares instead.
// Everything is seeded and every client id fixed, so that the same versions give the same bytes.
import { readFileSync, writeFileSync } from 'node:fs'

const FILES = ['editor', 'types', 'sessions', 'writing', 'gate']
const check = process.argv.includes('--check')
let stale = 0

for (const name of FILES) {
  const { default: make } = await import(`./cases/${name}.mjs`)
  const path = new URL(`./vectors/${name}.json`, import.meta.url)
  const fresh = `${pages(await make())}\n`
  if (!check) writeFileSync(path, fresh)
  else if (readFileSync(path, 'utf8') !== fresh) {
    console.error(
      `vectors/${name}.json is stale: run \`npm run vectors\` in tests/yjs and look at the difference`,
    )
    stale += 1
  }
}
process.exit(stale === 0 ? 0 : 1)

/** One vector a line: small files, and differences that name the vector. */
function pages(made) {
  if (!Array.isArray(made)) return JSON.stringify(made)
  return `[\n${made.map((vector) => JSON.stringify(vector)).join(',\n')}\n]`
}
