/** The list of documents: as many as there are, and only those drawn that somebody could see. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, violations } from './window.mjs'

const ALL = 5000

/** A workspace of five thousand documents; the first is the open one. */
const fiveThousand = (page) =>
  page.evaluate((all) => {
    const documents = [...Array(all)].map((_, number) => ({
      id: number === 0 ? 'welcome' : `log-${number}`,
      title: `Log ${number}`,
      updated_at: 0,
      waiting: 0,
      refused: null,
    }))
    window.sheafBackend.happen({ kind: 'documents', documents })
  }, ALL)

describe('a list of five thousand documents', () => {
  const world = browser()

  it('is whole for whoever scrolls or listens, and draws a screenful', async () => {
    const { page, errors } = await world.open()
    await fiveThousand(page)
    await page.locator('nav li').getByText('Log 7', { exact: true }).waitFor()
    const drawn = () => page.locator('nav li').count()
    assert.ok((await drawn()) < 100, `as many rows are drawn as can be seen soon: ${await drawn()}`)
    assert.equal(await page.locator('nav ul').count(), 1)
    const row = page.locator('nav li', { has: page.getByText('Log 7', { exact: true }) })
    assert.equal(
      await row.getAttribute('aria-posinset'),
      '8',
      'a screen reader knows where in the list it is',
    )
    assert.equal(await row.getAttribute('aria-setsize'), String(ALL))
    assert.deepEqual(await violations(page), [])
    await page.locator('nav .rows').evaluate((rows) => rows.scrollTo(0, rows.scrollHeight))
    await page.getByText(`Log ${ALL - 1}`, { exact: true }).waitFor()
    assert.ok((await drawn()) < 100, `and no more after that: ${await drawn()}`)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is walked through with the keyboard, which no scrolling takes away', async () => {
    const { page } = await world.open()
    await fiveThousand(page)
    await page.locator('nav button').first().focus()
    for (let step = 1; step <= 60; step += 1) {
      await page.keyboard.press('Tab')
      await page.waitForFunction(
        (title) => document.activeElement?.textContent.trim() === title,
        `Log ${step}`,
      )
    }
    await page.locator('nav .rows').evaluate((rows) => rows.scrollTo(0, rows.scrollHeight))
    await page.getByText(`Log ${ALL - 1}`, { exact: true }).waitFor()
    await page.keyboard.press('Tab')
    await page.waitForFunction(() => document.activeElement?.textContent.trim() === 'Log 61')
    await page.close()
  })
})
