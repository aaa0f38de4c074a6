/** Colours tell people apart. */
import { expect, test } from 'vitest'
import { coloursOf, initials } from './colour'

const crew = Array.from({ length: 12 }, (_, number) => `person-${number}`)

test('a dozen people who are here have a dozen colours, in whatever order they came', () => {
  const colours = coloursOf(crew)
  expect(new Set(colours.values()).size).toBe(12)
  expect(coloursOf([...crew].reverse())).toEqual(colours)
})

test('somebody with two windows has one colour, and the thirteenth person has one too', () => {
  const [imke] = crew
  expect(coloursOf([...crew, ...crew, 'Tomás']).size).toBe(13)
  expect(imke && coloursOf([imke, imke]).size).toBe(1)
})

test('who is alone here has the colour that is theirs everywhere', () => {
  const alone = crew.map((person) => coloursOf([person]).get(person))
  expect(new Set(alone).size, 'ids choose different ones').toBeGreaterThan(4)
})

test('initials are first and last', () => {
  expect([initials('Ada Lovelace King'), initials('tomás'), initials('')]).toEqual(['AK', 'T', ''])
})
