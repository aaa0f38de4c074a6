// Makes the small editing traces beside it, in the formats of the published ones: `node tests/traces/make.mjs`.
// Nothing here is by chance: a run of the script gives the same files. The texts are the project's own. What the
// concurrent trace ends with is what Yjs itself makes of it when the first writer has the smaller client id.

import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const Y = createRequire(new URL('../yjs/', import.meta.url))('yjs')

/** Numbers from 0 to below `n`, always the same ones (mulberry32). */
function luck(seed) {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % n
  }
}

const HARVEST = `Notes from the harvest

A sheaf is made in the field, by hand: an armful of stalks, tied at the waist with a twist of straw.
It stands because it leans on its neighbours. Five of them make a stook, and a stook sheds the rain.

What we learnt this year:
- cut when the dew is gone, not before
- tie below the ears; a loose band loses grain
- the late rye on the slope ripened a week after the rest (Tomás had said so)

Next year we begin on the north side.
`

const WALK = [
  'The way to the mill begins behind the church. It is steep at first, and then it is not.\n',
  'At the second gate you can see the river; in März the meadow is under water and you walk on the wall.\n',
  'Bring bread. There is a bench for two, and nobody has ever seen it empty.\n',
]
const REPLY = [
  'From the station it is shorter: over the footbridge, then along the orchard.\n',
  'The mill is open on Saturdays. Ask for Ada, she has the key to the upper floor.\n',
  'On the way back take the other bank, the light is better in the evening.\n',
]

function alone() {
  const chance = luck(1)
  let text = ''
  const txns = []
  const edit = (at, deleted, inserted) => {
    text = text.slice(0, at) + inserted + text.slice(at + deleted)
    txns.push({
      time: new Date(Date.UTC(2026, 7, 1) + txns.length * 150).toISOString(),
      patches: [[at, deleted, inserted]],
    })
  }
  let at = 0
  for (const letter of HARVEST) {
    if (chance(19) === 0) {
      edit(at, 0, 'qv'[chance(2)])
      edit(at, 1, letter) // typed over: a deletion and an insertion in one
    } else edit(at, 0, letter)
    at++
  }
  // Second thoughts: words are taken out from behind, letter by letter or at once, and lines are moved.
  for (const word of ['by hand: ', ' (Tomás had said so)', 'a week after the rest']) {
    const from = text.indexOf(word)
    if (chance(2)) edit(from, word.length, '')
    else for (let end = from + word.length; end > from; end--) edit(end - 1, 1, '')
  }
  const line = '- tie below the ears; a loose band loses grain\n'
  edit(text.indexOf(line), line.length, '')
  edit(text.indexOf('- cut'), 0, line)
  return { startContent: '', endContent: text, txns }
}

function together() {
  const chance = luck(2)
  // The first writer is not agent 0: a replay must look who writes first.
  const people = [WALK, REPLY].map((lines, place) => {
    const doc = new Y.Doc()
    doc.clientID = place + 1
    return { agent: 1 - place, doc, text: doc.getText('t'), heads: [], letters: [...lines.join('')], at: 0 }
  })
  const txns = []
  const step = (person, patches) => {
    person.doc.transact(() => {
      for (const [at, deleted, inserted] of patches) {
        if (deleted) person.text.delete(at, deleted)
        if (inserted) person.text.insert(at, inserted)
      }
    })
    txns.push({ parents: person.heads, numChildren: 0, agent: person.agent, patches })
    for (const parent of person.heads) txns[parent].numChildren++
    person.heads = [txns.length - 1]
  }
  const hear = (person, other) => {
    const caret = Y.createRelativePositionFromTypeIndex(person.text, person.at, -1)
    Y.applyUpdate(person.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(person.doc)))
    person.at = Y.createAbsolutePositionFromRelativePosition(caret, person.doc)?.index ?? 0
    // A head that the other one had seen already is no head any more.
    const seen = new Set()
    const walk = (txn) => {
      if (seen.has(txn)) return
      seen.add(txn)
      txns[txn].parents.forEach(walk)
    }
    for (const head of [...person.heads, ...other.heads]) txns[head].parents.forEach(walk)
    person.heads = [...new Set([...person.heads, ...other.heads])]
      .filter((head) => !seen.has(head))
      .sort((a, b) => a - b)
  }
  while (people.some((person) => person.letters.length > 0)) {
    const turn = txns.length === 0 ? 0 : chance(2)
    const [person, other] = [people[turn], people[1 - turn]]
    for (let run = 1 + chance(12); run > 0 && person.letters.length > 0; run--) {
      const letter = person.letters.shift()
      if (chance(17) === 0) {
        step(person, [[person.at, 0, 'w']])
        step(person, [
          [person.at, 1, ''],
          [person.at, 0, letter],
        ])
      } else step(person, [[person.at, 0, letter]])
      person.at += 1
    }
    if (chance(3) === 0) hear(person, other)
    if (chance(11) === 0 && other.text.length > 40) {
      // Somebody shortens what the other one is writing.
      const from = chance(other.text.length - 8)
      const gone = 3 + chance(5)
      step(other, [[from, gone, '']])
      other.at -= Math.max(0, Math.min(gone, other.at - from))
    }
  }
  for (const [turn, person] of people.entries()) hear(person, people[1 - turn])
  const [one, two] = people.map((person) => person.text.toString())
  if (one !== two) throw new Error('Yjs did not converge')
  return { kind: 'concurrent', endContent: one, numAgents: 2, txns }
}

for (const [name, trace] of Object.entries({ alone: alone(), together: together() })) {
  const { txns, ...head } = trace
  const lines = txns.map((txn) => JSON.stringify(txn)).join(',\n')
  writeFileSync(
    new URL(`${name}.json`, import.meta.url),
    `${JSON.stringify(head).slice(0, -1)},"txns":[\n${lines}\n]}\n`,
  )
  console.log(`${name}.json: ${txns.length} transactions, ${trace.endContent.length} letters`)
}
