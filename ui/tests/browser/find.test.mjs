/** Finding words in a document, and putting others in their place; links to documents and mentions of people. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, harbour, picture, put, stored, tomasJoins, toTheEnd, violations } from './window.mjs'

const settled = (page) => page.waitForFunction(() => window.sheafBackend.inFlight === 0)
const bar = (page) => page.getByRole('search')
const count = (page) => bar(page).locator('.count')
/** The editor hears of a caret with the next frame, and no person is faster. */
async function clickInto(page, words) {
  await page.locator('.ProseMirror').getByText(words, { exact: true }).click()
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}
const until = (page, words) => count(page).getByText(words, { exact: true }).waitFor()

const FERRY = [
  ['paragraph', {}, ['The ferry and the Ferry']],
  ['callout', { kind: 'tip' }, [['paragraph', {}, ['ask at the ferry']]]],
  [
    'toggle',
    {},
    [
      ['toggleTitle', {}, ['More']],
      ['paragraph', {}, ['another ferry']],
    ],
  ],
]

describe('finding', () => {
  const world = browser()

  for (const dark of [false, true])
    it(`shows every match and goes from one to the next, ${dark ? 'dark' : 'light'}`, async () => {
      const { page, errors } = await world.open({ dark })
      await put(page, FERRY)
      await clickInto(page, 'The ferry and the Ferry')
      await page.keyboard.press('Control+f')
      await page.keyboard.type('ferry')
      await page.locator('.ProseMirror .found').nth(3).waitFor({ state: 'attached' })
      assert.equal(await page.locator('.ProseMirror .found').count(), 4)
      assert.deepEqual(await violations(page), [])
      await picture(page, `find-${dark ? 'dark' : 'light'}`)
      await until(page, '3 of 4')
      await page.keyboard.press('Enter')
      await until(page, '4 of 4')
      assert.equal(await page.getByText('another ferry').isVisible(), true, 'the toggle opened for it')
      await page.keyboard.press('Enter')
      await until(page, '1 of 4')
      await page.keyboard.press('Shift+Enter')
      await until(page, '4 of 4')
      await page.getByRole('button', { name: 'Match case' }).click()
      await page.locator('.ProseMirror .found').nth(2).waitFor({ state: 'attached' })
      assert.equal(await page.locator('.ProseMirror .found').count(), 3)
      await page.keyboard.press('Escape')
      await bar(page).waitFor({ state: 'detached' })
      assert.equal(await page.locator('.ProseMirror .found').count(), 0)
      assert.deepEqual(errors, [])
      await page.close()
    })

  it('replaces one, and all the others as one change, beside a colleague', async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    await put(page, FERRY)
    await clickInto(page, 'The ferry and the Ferry')
    await page.keyboard.press('Control+h')
    await page.keyboard.type('ferry')
    await page.getByLabel('Replace with').fill('boat')
    await bar(page).getByRole('button', { name: 'Replace', exact: true }).click()
    await page.evaluate(() => window.tomas.write('welcome', 'a ferry from Tomás'))
    await page.getByText('a ferry from Tomás').waitFor()
    await bar(page).getByRole('button', { name: 'All' }).click()
    await count(page).getByText('4 replaced').waitFor()
    await settled(page)
    assert.doesNotMatch(await stored(page), /ferry/i)
    assert.match(await stored(page), /a boat from Tomás/, 'what he wrote meanwhile, too')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('goes to what is far away in a long document', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(async () => {
      for (let line = 0; line < 300; line += 1)
        await window.sheafBackend.write('welcome', `line ${line} of the log`)
      window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
    })
    await page.getByText('line 3 of the log').waitFor()
    await page.locator('.ProseMirror').getByText('line 3 of the log').click()
    await page.keyboard.press('Control+f')
    await page.keyboard.type('line 150 of')
    await until(page, '1 of 1')
    await page.locator('.ProseMirror .found.current').waitFor()
    await page.waitForFunction(() => {
      const { y } = document.querySelector('.found.current').getBoundingClientRect()
      return y > 0 && y < 800
    })
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('printing', () => {
  const world = browser()

  it('puts the whole of a long document on paper, and nothing around it', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(async () => {
      for (let line = 0; line < 300; line += 1)
        await window.sheafBackend.write('welcome', `line ${line} of the log`)
      window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
    })
    await page.getByText('line 3 of the log').waitFor()
    await page.locator('.ProseMirror').getByText('line 3 of the log').click()
    assert.equal(await page.getByText('line 150 of the log').count(), 0, 'it is far')
    await page.emulateMedia({ media: 'print' })
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
    assert.equal(await page.getByText('line 150 of the log').isVisible(), true)
    assert.equal(await page.getByRole('tree', { name: 'Documents' }).isVisible(), false)
    await picture(page, 'print')
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('mentions', () => {
  const world = browser()

  it('of documents are found by their titles, follow them, and lead there', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    await page.keyboard.type('see [[crew and')
    const menu = page.getByRole('listbox', { name: 'Documents' })
    await menu.getByRole('option', { name: 'Crew and cabins' }).waitFor()
    await picture(page, 'mention')
    await page.keyboard.press('Enter')
    await menu.waitFor({ state: 'hidden' })
    await page.keyboard.type('first')
    await settled(page)
    assert.match(
      await stored(page),
      /see <mention id="crew" kind="document" label="Crew and cabins"><\/mention> first|see <mention [^>]*><\/mention> first/,
    )
    await page.locator('.ProseMirror [data-mention]').click()
    await page.locator('textarea').first().waitFor()
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'Crew and cabins')
    assert.deepEqual(errors, [])
    await page.close()
  })
})
