/** The relay refused what Imke wrote: she sees why, keeps every word, and settles it in one of three ways. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, stored, tomasJoins, toTheEnd, violations } from './window.mjs'

/** Imke writes in a document in which she may not write any more; returns once she is told. */
async function imkeIsRefused(page) {
  await tomasJoins(page)
  await page.evaluate(() => window.sheafBackend.refuse('welcome', 'forbidden'))
  await toTheEnd(page)
  await page.keyboard.type(' The evening boat is late.')
  await page.getByText('They are safe on this device').waitFor()
  await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
}

describe('refused changes', () => {
  const world = browser()

  it('are told with the reason and the words, and cost nothing while Imke decides', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await imkeIsRefused(page)
    await page.getByRole('status').getByRole('button').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('You may read this document, but not write in it.').waitFor()
    const words = await dialog.getByLabel('What only you have').inputValue()
    assert.match(words, /The evening boat is late\.$/, 'the words can be read and copied')
    assert.deepEqual(await violations(page), [])
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    assert.match(await stored(page), /late\./, 'closing the dialog settles nothing')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('are kept as a copy, and the document goes back to what the others have', async () => {
    const { page } = await world.open()
    await imkeIsRefused(page)
    await page.getByRole('button', { name: 'See what happened' }).click()
    await page.getByRole('button', { name: 'Keep as a copy' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.locator('[role=treeitem][aria-current]').getByText('Welcome to Sheaf (copy)').waitFor()
    await page.locator('.ProseMirror').getByText('The evening boat is late.').waitFor()
    assert.doesNotMatch(await stored(page), /late/, 'the others never had it')
    await page.close()
  })

  it('go only after Imke has seen what goes, and her place in the document stays', async () => {
    const { page } = await world.open()
    await imkeIsRefused(page)
    await page.getByRole('button', { name: 'See what happened' }).click()
    await page.getByRole('button', { name: 'Discard…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Copy what you want to keep').waitFor()
    assert.match(
      await dialog.getByLabel('What only you have').inputValue(),
      /late\./,
      'she sees it once more',
    )
    assert.match(await stored(page), /late\./, 'and nothing has gone yet')
    await dialog.getByRole('button', { name: 'Discard them' }).click()
    await dialog.waitFor({ state: 'hidden' })
    await page.waitForFunction(() => !document.querySelector('.ProseMirror').textContent.includes('late'))
    await page.locator('.ProseMirror').focus()
    // The editor puts the caret where it belongs a moment after it got the keyboard; no person is faster.
    await page.waitForFunction(() => window.getSelection().anchorOffset > 0)
    await page.keyboard.type('!')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /share it\.!</, 'the caret is at the nearest place to where it was')
    await page.close()
  })

  it('are sent again when Imke says so', async () => {
    const { page } = await world.open()
    await imkeIsRefused(page)
    await page.getByRole('button', { name: 'See what happened' }).click()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('status').getByText('Synced').waitFor()
    assert.equal(await page.getByText('They are safe on this device').count(), 0, 'nothing is left to settle')
    assert.match(await stored(page), /late\./)
    await page.close()
  })
})
