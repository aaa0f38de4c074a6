/** The first day: three hints at most, one at a time, and never again. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, violations } from './window.mjs'

const hint = (page) => page.getByRole('region', { name: 'Hint' })

describe('hints', () => {
  const world = browser()

  it('come one after the other, and not again', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600, chosen: { hints: 0 } })
    const next = hint(page).getByRole('button', { name: 'Got it' })
    await hint(page).getByText('Type / on a new line').waitFor()
    assert.deepEqual(await violations(page), [])
    await picture(page, 'hint-first')
    await next.click()
    await hint(page).getByText('Ctrl K finds every document').waitFor()
    await page.reload()
    await hint(page).getByText('2 of 3').waitFor()
    await next.click()
    await hint(page).getByText('Everything is saved on this device').waitFor()
    await next.click()
    await hint(page).waitFor({ state: 'detached' })
    await page.reload()
    await page.waitForSelector('.ProseMirror')
    assert.equal(await hint(page).count(), 0, 'whoever knows it is left alone')
    assert.deepEqual(errors, [])
    await page.close()
  })
})
