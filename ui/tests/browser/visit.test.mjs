/** Links that lead to documents: copied from the tree, followed in another program. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, harbour, row, stored } from './window.mjs'

/** Somebody follows a link in another program. */
const follow = (page, document, workspace = 'here') =>
  page.evaluate(
    (visit) => {
      window.sheafBackend.visiting = visit
      window.sheafBackend.happen({ kind: 'visit' })
    },
    { document, workspace },
  )

describe('a link to a document', () => {
  const world = browser()

  it('is copied from its menu, which says so', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await row(page, 'Handbook').focus()
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: 'Copy link' }).click()
    await page.getByRole('menuitem', { name: 'Copied' }).waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'sheaf://document/handbook')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('opens it, wherever Imke is, with every word of hers kept', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    await page.locator('.ProseMirror').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' and this')
    await follow(page, 'handbook')
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'Handbook')
    assert.match(await stored(page), /and this/)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('to what is not on this device says so, and changes nothing', async () => {
    const { page, errors } = await world.open()
    await follow(page, 'elsewhere')
    await page.getByText('a document that is not on this device').waitFor()
    await page.locator('.ProseMirror').getByText('Write').first().waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })
})
