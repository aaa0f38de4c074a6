/** Links: asked for beside the words that they are for, given up at any time, opened by mouse and by keyboard. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, stored, toTheEnd, violations } from './window.mjs'

/** Imke selects the last word and asks for a link. */
async function imkeAsksForALink(page) {
  await toTheEnd(page)
  await page.keyboard.press('Control+Shift+ArrowLeft')
  await page.keyboard.press('Control+Shift+ArrowLeft')
  await page.getByRole('button', { name: 'Link', exact: true }).click()
  await page.getByLabel('Link address').waitFor()
}

describe('a link', () => {
  const world = browser()

  it('is for the words that were selected: whoever selects others has the buttons again', async () => {
    const { page, errors } = await world.open()
    await imkeAsksForALink(page)
    await page.getByLabel('Link address').fill('example.org')
    await page.getByText('Write here').click({ position: { x: 20, y: 10 } })
    await page.keyboard.press('Control+Shift+ArrowRight')
    await page.getByRole('button', { name: 'Bold' }).click()
    assert.equal(await page.getByLabel('Link address').count(), 0, 'the old question is gone')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const text = await stored(page)
    assert.match(text, /<bold>/, 'what is selected now can be formatted')
    assert.doesNotMatch(text, /example\.org/, 'and nothing was linked')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is still asked for when a colleague writes meanwhile', async () => {
    const { page } = await world.open()
    await imkeAsksForALink(page)
    await page.getByLabel('Link address').fill('example.org')
    await page.evaluate(() => {
      const { team } = window.sheafBackend
      const doc = team.documents.get('welcome')
      const blocks = doc.getXmlFragment('default')
      const [Xml, Text] = [blocks.get(0).constructor, blocks.get(0).get(0).constructor]
      doc.once('update', (update) => {
        window.sheafBackend.happen({ kind: 'update', document: 'welcome', update })
      })
      const line = new Xml('paragraph')
      line.insert(0, [new Text('A line above, from Tomás.')])
      blocks.insert(0, [line])
    })
    await page.locator('.ProseMirror').getByText('from Tomás').waitFor()
    await page.getByLabel('Link address').press('Enter')
    await page.locator('.ProseMirror a').getByText('it.').waitFor()
    assert.match(await stored(page), /share <link[^>]*>it\.<\/link>/, 'the words that Imke had selected')
    await page.close()
  })

  it('is given up with Escape, and the keyboard is in the text again', async () => {
    const { page } = await world.open()
    await imkeAsksForALink(page)
    await page.getByLabel('Link address').fill('example.org')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Bold' }).waitFor()
    await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'))
    await page.keyboard.type('them.')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /until you share them\.<\/paragraph>/, 'the words were still selected')
    await page.close()
  })

  it('says where it leads and how to go there, and can be followed without a mouse', async () => {
    const { page } = await world.open()
    await imkeAsksForALink(page)
    assert.equal(await page.getByRole('button', { name: 'Open' }).count(), 0, 'there is nothing to open yet')
    await page.getByLabel('Link address').fill('example.org/tides')
    await page.keyboard.press('Enter')
    await page.locator('.ProseMirror a').hover()
    const hint = await page.locator('.ProseMirror').getAttribute('title')
    assert.match(hint, /https:\/\/example\.org\/tides/)
    assert.match(hint, /Ctrl/)
    await page.locator('.ProseMirror p').hover({ position: { x: 20, y: 10 } })
    assert.equal(await page.locator('.ProseMirror').getAttribute('title'), null, 'other words say nothing')
    await page.getByRole('button', { name: 'Link', exact: true }).click()
    assert.deepEqual(await violations(page), [])
    await page.getByRole('button', { name: 'Open' }).focus()
    await page.keyboard.press('Enter')
    assert.deepEqual(await page.evaluate(() => window.sheafBackend.opened), ['https://example.org/tides'])
    await page.close()
  })
})
