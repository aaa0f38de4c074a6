/** A start that fails: the window claims nothing, says what to do, and tries again when it is told to. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asImke, browser, violations } from './window.mjs'

describe('a workspace that does not open', () => {
  const world = browser()

  it('is told without a claim, and opens at the next try', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await page.evaluate(() => {
      const backend = window.sheafBackend
      const start = backend.start
      backend.start = () => Promise.reject(Object.assign(new Error('locked'), { code: 'locked' }))
      window.mend = () => {
        backend.start = start
      }
    })
    await page.getByRole('button', { name: 'Join a team' }).click()
    await asImke(page, 'https://relay.example.org/join#secret')
    await page.getByText('Another Sheaf has this workspace open').waitFor()
    const line = page.getByRole('status')
    await line.getByText('No workspace is open').waitFor()
    assert.equal(await line.locator('.good').count(), 0, 'nothing is green')
    assert.equal(await page.getByText(/^Saved/).count(), 0, 'nobody calls anything saved')
    assert.equal(
      await page.getByRole('button', { name: 'New document' }).count(),
      0,
      'there is nowhere to put one',
    )
    await page.keyboard.press('Control+n')
    assert.deepEqual(await violations(page), [])
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('Another Sheaf has this workspace open').waitFor()
    await page.evaluate(() => window.mend())
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('status').getByText('Synced').waitFor()
    await page.locator('.ProseMirror').waitFor()
    assert.equal(await page.getByRole('alert').count(), 0, 'and nothing is left of it')
    assert.equal(
      await page.evaluate(() => window.sheafBackend.team.documents.size),
      1,
      'no key made a document',
    )
    assert.deepEqual(errors, [])
    await page.close()
  })
})
