/** The kinds of block and mark that are Sheaf's own: shown, untouched by being opened, and also where nothing can be edited. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, put, stored, violations } from './window.mjs'

/** One of each, as elements of the stored document. */
const EACH = [
  ['heading', { level: 2 }, ['Before the season']],
  ['contents', {}, []],
  ['callout', { kind: 'tip' }, [['paragraph', {}, ['Ask the harbour master first.']]]],
  ['callout', { kind: 'caution' }, [['paragraph', {}, ['Never cross in fog.']]]],
  [
    'toggle',
    {},
    [
      ['toggleTitle', {}, ['What to bring']],
      ['paragraph', {}, ['Oars, and a lamp.']],
    ],
  ],
  ['mathBlock', {}, ['d = v \\cdot t']],
  [
    'paragraph',
    {},
    [
      'Seen',
      ['footnoteReference', { label: '1' }, []],
      ' by ',
      ['mention', { kind: 'person', id: 'tomas', label: 'Tomás' }, []],
      { text: 'marked', marks: { highlight: {} } },
      { text: 'green', marks: { highlight: { color: 'green' } } },
      ' H',
      { text: '2', marks: { subscript: {} } },
      'O m',
      { text: '2', marks: { superscript: {} } },
      { text: 'E = mc^2', marks: { math: {} } },
    ],
  ],
  ['figure', { file: 'ab12', alt: 'a boat', width: 320 }, ['The evening boat']],
  ['attachment', { file: 'cd34', name: 'Timetable.pdf' }, []],
  ['footnote', { label: '1' }, [['paragraph', {}, ['By letter.']]]],
]

describe('our own kinds', () => {
  const world = browser()

  for (const dark of [false, true])
    it(`are drawn, ${dark ? 'dark' : 'light'}, and are as they were after being looked at`, async () => {
      const { page, errors } = await world.open({ dark, height: 1200 })
      await put(page, EACH)
      await page.getByText('By letter.').waitFor()
      const before = await stored(page)
      assert.equal(await page.getByRole('note', { name: 'Caution' }).count(), 1, 'a callout says what it is')
      await page.locator('.ProseMirror').getByText('Seen').click()
      const inside = page.getByText('Oars, and a lamp.')
      assert.equal(await inside.isVisible(), false, 'a toggle is closed at first')
      await page.getByRole('button', { name: 'Show what is inside' }).click()
      assert.equal(await inside.isVisible(), true)
      await page.locator('.contents').getByRole('button', { name: 'Before the season' }).click()
      assert.equal(await stored(page), before, 'nothing was written')
      assert.deepEqual(await violations(page), [])
      await picture(page, `kinds-${dark ? 'dark' : 'light'}`)
      assert.deepEqual(errors, [])
      await page.close()
    })
})
