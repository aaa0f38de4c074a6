/** Where Imke was is where she goes on: after a start, and when her document is made anew under her hands. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asImke, browser, longDocument, stored } from './window.mjs'

/** Returns the words at the top of the window. */
const atTheTop = (page) =>
  page.evaluate(() => {
    const top = document.querySelector('.scroll').getBoundingClientRect().top
    return [...document.querySelectorAll('.ProseMirror > p')].find(
      (block) => block.getBoundingClientRect().bottom > top,
    )?.textContent
  })

/** Imke puts the caret behind a line in the middle, and scrolls a little. */
async function imkeIsInTheMiddle(page) {
  await longDocument(page)
  await page.getByText('line 60 of the log').click()
  await page.keyboard.press('End')
  // Not by the wheel, whose movement ends some time later.
  await page.evaluate(() => document.querySelector('.scroll').scrollBy(0, 150))
  return atTheTop(page)
}

describe("Imke's place", () => {
  const world = browser()

  it('comes back at the next start, to the line, with the keyboard in the text', async () => {
    const { page, errors } = await world.open()
    const top = await imkeIsInTheMiddle(page)
    await page.getByRole('button', { name: 'Join a team' }).click() // the window starts anew in the team's workspace
    const dialog = page.getByRole('dialog')
    await asImke(page, 'https://relay.example.org/join#secret')
    await dialog.waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.querySelector('.scroll').scrollTop > 150)
    assert.equal(await atTheTop(page), top, 'the same line is at the top of the window')
    await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'))
    await page.keyboard.type(' here')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /line 60 of the log here</, 'she writes on where she was')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('stays when the document is replaced, and what she types meanwhile stays too', async () => {
    const { page, errors } = await world.open()
    const top = await imkeIsInTheMiddle(page)
    await page.keyboard.type(' one')
    await page.evaluate(() => window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' }))
    await page.keyboard.type(' two')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    await page.getByText('line 60 of the log one two').waitFor()
    assert.match(await stored(page), /line 60 of the log one two</)
    assert.equal(await atTheTop(page), top, 'nothing moved')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is the nearest one when its words are gone', async () => {
    const { page } = await world.open()
    await imkeIsInTheMiddle(page)
    await page.evaluate(() => {
      const content = window.sheafBackend.team.documents.get('welcome').getXmlFragment('default')
      content.delete(55, 10)
      window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
    })
    await page.getByText('line 60 of the log').waitFor({ state: 'detached' })
    await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'))
    await page.keyboard.type('x')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const typed = (await stored(page)).match(/<paragraph>[^<]*x[^<]*/gu)
    const there = ['<paragraph>line 70 of the logx']
    assert.deepEqual(typed, there, 'as far from the start as she was, which is where she looks')
    await page.close()
  })
})
