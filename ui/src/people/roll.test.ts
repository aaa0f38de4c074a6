/** Who is in the list of members, and in which order. */
import { expect, test } from 'vitest'
import type { Members, Person } from '../backend/bindings'
import { everyone, rollOf } from './roll'

const at = (id: string, session = id): Person => ({ session, id, name: id, caret: null })
const imke = { id: 'Imke', name: 'Imke' }
const crew: Members = {
  at: 7,
  people: ['Tomás', 'Imke', 'Ada', 'Bo'].map((name) => ({ id: name, name, role: 'member' })),
}

test('Imke comes first, then who is online, then the others, each by name', () => {
  const roll = rollOf(crew, [at('Tomás'), at('Bo')], imke, true)
  expect(roll.map(({ name }) => name)).toEqual(['Imke', 'Bo', 'Tomás', 'Ada'])
  expect(roll.map(({ isOnline }) => isOnline)).toEqual([true, true, true, false])
})

test('who is at two devices is one person, and a second device of Imke is no other', () => {
  expect(everyone([at('Bo', '1'), at('Bo', '2'), at('Imke', '3')], 'Imke').map(({ id }) => id)).toEqual([
    'Bo',
  ])
})

test('who joined since the list was made is in it, with what is known of them', () => {
  const roll = rollOf(crew, [at('Zoe')], imke, true)
  expect(roll.find(({ name }) => name === 'Zoe')).toMatchObject({ role: null, isOnline: true })
  const alone = rollOf(null, [], imke, true).map(({ name }) => name)
  expect(alone, 'before anybody was heard of there is at least Imke').toEqual(['Imke'])
})

test('nobody is online at a relay that is out of reach, Imke neither', () => {
  expect(rollOf(crew, [], imke, false).some(({ isOnline }) => isOnline)).toBe(false)
})
