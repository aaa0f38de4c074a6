/** The panel beside the document: Imke sees what her text is made of, and what there is to know about it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, harbour, picture, put, row, toTheEnd, violations } from './window.mjs'

const panel = (page) => page.getByRole('complementary', { name: 'About this document' })
const heading = (level, text) => ['heading', { level }, [text]]
const lines = (count) =>
  Array.from({ length: count }, (_, at) => ['paragraph', {}, [`line ${at} of the log`]])

/** A text with headings, and a screen of lines below each. */
const TEXT = [
  heading(1, 'Departure'),
  ...lines(20),
  heading(2, 'Ropes'),
  ...lines(20),
  heading(2, 'Weather'),
  ...lines(20),
  heading(1, 'Return'),
  ...lines(20),
]

/** Lets the editor hear of a caret that a key moved: with the next frame; no person is faster. */
const heard = (page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))

async function openPanel(page) {
  await page.keyboard.press('Control+Shift+o')
  await panel(page).waitFor()
}

describe('the panel', () => {
  const world = browser()

  it('leads to each heading, and marks the one that the caret is below', async () => {
    const { page, errors } = await world.open()
    await put(page, TEXT)
    await page.getByRole('heading', { name: 'Departure' }).waitFor()
    await openPanel(page)
    const outline = panel(page).getByRole('list', { name: 'Outline' })
    await outline.getByRole('button', { name: 'Weather' }).waitFor()
    assert.deepEqual(await outline.getByRole('button').allInnerTexts(), [
      'Departure',
      'Ropes',
      'Weather',
      'Return',
    ])
    await outline.getByRole('button', { name: 'Weather' }).click()
    await outline.locator('[aria-current]', { hasText: 'Weather' }).waitFor()
    const at = await page.getByRole('heading', { name: 'Weather' }).boundingBox()
    assert.ok(at.y >= 0 && at.y < 200, `the heading is in sight: ${at.y}`)
    await heard(page)
    await page.keyboard.press('Control+End')
    await outline.locator('[aria-current]', { hasText: 'Return' }).waitFor()
    await heard(page)
    // The editor puts back a caret that moves within a moment of its own; no person is as fast.
    for (let tries = 0; tries < 20 && (await outline.locator('[aria-current]').count()) > 0; tries += 1) {
      await page.keyboard.press('Control+Home')
      await heard(page)
    }
    assert.equal(await outline.locator('[aria-current]').count(), 0, 'above the first heading there is none')
    assert.deepEqual(await violations(page), [])
    await picture(page, 'panel-outline')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('follows what is written', async () => {
    const { page } = await world.open()
    await openPanel(page)
    await panel(page).getByText('Headings of this document appear here.').waitFor()
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    await page.keyboard.type('## Cabins')
    await panel(page).getByRole('button', { name: 'Cabins' }).waitFor()
    await page.close()
  })

  it('says how long the text is, who wrote it and what links to it', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    await put(page, [['paragraph', {}, ['One two three']]])
    await page.evaluate(() => {
      const { team } = window.sheafBackend
      const content = team.documents.get('minutes').getXmlFragment('default')
      const welcome = team.documents.get('welcome').getXmlFragment('default')
      const Xml = welcome.get(0).constructor
      const [paragraph, mention] = [new Xml('paragraph'), new Xml('mention')]
      mention.setAttribute('id', 'welcome')
      paragraph.insert(0, [mention])
      content.insert(0, [paragraph])
    })
    await openPanel(page)
    await panel(page).getByRole('tab', { name: 'Information' }).click()
    await panel(page).getByText('14', { exact: true }).waitFor()
    await panel(page).getByText('1 minute').waitFor()
    await panel(page).getByText('Ada').waitFor()
    assert.deepEqual(await violations(page), [])
    await picture(page, 'panel-information')
    await panel(page).getByRole('button', { name: 'Minutes, week 46' }).click()
    await page.waitForFunction(() => document.querySelector('.title textarea')?.value === 'Minutes, week 46')
    await panel(page).getByText('No other document links here.').waitFor()
    assert.deepEqual(errors, [], 'it is there for the other one, too')
    await page.close()
  })

  it('is remembered, with its page, and closed where it was opened', async () => {
    const { page } = await world.open()
    await page.getByRole('button', { name: 'Show or hide outline and information' }).click()
    await panel(page).getByRole('tab', { name: 'Information' }).click()
    await page.reload()
    await panel(page).getByRole('tab', { name: 'Information', selected: true }).waitFor()
    await panel(page).getByRole('button', { name: 'Close' }).click()
    await panel(page).waitFor({ state: 'detached' })
    await page.reload()
    await page.waitForSelector('.ProseMirror')
    assert.equal(await panel(page).count(), 0)
    await page.close()
  })

  it('takes the place of the list where there is no room for both, and gives it back', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await put(page, TEXT)
    await openPanel(page)
    assert.equal(await row(page, 'Welcome to Sheaf').count(), 0, 'the text has room')
    const text = await page.locator('.ProseMirror').boundingBox()
    assert.ok(text.width > 440, `enough to write in: ${text.width}`)
    assert.deepEqual(await violations(page), [])
    await picture(page, 'panel-small')
    await page.getByRole('button', { name: 'Show or hide the list of documents' }).click()
    await row(page, 'Welcome to Sheaf').waitFor()
    assert.equal(await panel(page).count(), 0)
    await openPanel(page)
    await page.keyboard.press('Control+Shift+o')
    await row(page, 'Welcome to Sheaf').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })
})
