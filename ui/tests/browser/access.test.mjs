/** Accessibility: axe finds nothing, in light and dark, wide and narrow; everything is reached by keyboard. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, tomasJoins, violations } from './window.mjs'

describe('accessibility', () => {
  const world = browser()

  for (const dark of [false, true]) {
    it(`is clean in ${dark ? 'dark' : 'light'}, with a colleague here and the dialog open`, async () => {
      const { page } = await world.open({ dark, width: 900, height: 600 })
      assert.deepEqual(await violations(page), [])
      await page.getByRole('button', { name: 'Join a team' }).click()
      await page.getByRole('dialog').waitFor()
      assert.deepEqual(await violations(page), [])
      await page.keyboard.press('Escape')
      await tomasJoins(page)
      await page.locator('.faces').waitFor()
      assert.deepEqual(await violations(page), [])
      await page.close()
    })
  }

  it('reaches the list, the title and the text with the Tab key', async () => {
    const { page } = await world.open()
    const reached = new Set()
    for (let press = 0; press < 18; press += 1) {
      await page.keyboard.press('Tab')
      reached.add(
        await page.evaluate(
          () =>
            document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim(),
        ),
      )
    }
    for (const place of ['New document', 'Welcome to Sheaf', 'Title', 'Text']) {
      assert.ok(reached.has(place), `${place} is reached: ${[...reached].join(', ')}`)
    }
    await page.close()
  })
})
