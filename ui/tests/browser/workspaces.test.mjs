/** Several workspaces side by side: how each stands, going to another, one that does not open, joining one more team. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asImke, browser, picture, violations } from './window.mjs'

const CHOIR = { id: 'choir', name: 'Choir', here: false, sync: { state: 'synced' }, problem: null }

/** Puts Imke into the team's workspace, with these others beside it. */
const beside = (page, ...others) =>
  page.evaluate((others) => {
    window.sheafBackend.elsewhere = others
    window.sheafBackend.tell({ state: 'synced' })
  }, others)

const openMenu = async (page, name = /^Workspace:/) => {
  await page.locator('aside header').getByRole('button', { name }).click()
  const menu = page.getByRole('menu')
  await menu.waitFor()
  return menu
}

describe('workspaces side by side', () => {
  const world = browser()

  for (const [dark, width, height] of [
    [false, 1280, 800],
    [true, 900, 600],
  ]) {
    it(`say how each of them stands, in words and as it changes (${dark ? 'dark' : 'light'})`, async () => {
      const { page, errors } = await world.open({ dark, width, height })
      const locked = { ...CHOIR, id: 'chess', name: 'Chess club', sync: null, problem: 'locked' }
      await beside(page, { ...CHOIR, sync: { state: 'offline', waiting: 3 } }, locked)
      const menu = await openMenu(page)
      await menu.getByRole('menuitemradio', { name: 'Harbour crew Synced', checked: true }).waitFor()
      await menu.getByRole('menuitemradio', { name: 'Choir Offline, 3 changes waiting' }).waitFor()
      await menu.getByRole('menuitemradio', { name: 'Chess club Open in another Sheaf' }).waitFor()
      assert.deepEqual(await violations(page), [])
      await picture(page, `workspaces-${dark ? 'dark' : 'light'}`)

      const refused = { ...CHOIR, sync: { state: 'refused', documents: 1 } }
      await page.evaluate(
        (workspace) => window.sheafBackend.happen({ kind: 'workspace', workspace }),
        refused,
      )
      await menu.getByRole('menuitemradio', { name: 'Choir Refused by the relay: needs you' }).waitFor()
      await page.evaluate(() => window.sheafBackend.tell({ state: 'offline', waiting: 1 }))
      await menu.getByRole('menuitemradio', { name: 'Harbour crew Offline, 1 change waiting' }).waitFor()
      await page.keyboard.press('Escape')
      const head = page.locator('aside header')
      await head.getByRole('button', { name: 'Another workspace needs you' }).waitFor()
      await picture(page, `workspaces-need-you-${dark ? 'dark' : 'light'}`)
      assert.deepEqual(errors, [])
      await page.close()
    })
  }

  it('are gone to and fro, and choosing the present one does nothing', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(() => {
      const backend = window.sheafBackend
      const start = backend.start.bind(backend)
      window.starts = 0
      backend.start = () => {
        window.starts += 1
        return start()
      }
    })
    await beside(page, CHOIR)
    let menu = await openMenu(page)
    await menu.getByRole('menuitemradio', { name: 'Harbour crew' }).click()
    await menu.waitFor({ state: 'detached' })
    menu = await openMenu(page)
    await menu.getByRole('menuitemradio', { name: 'Choir' }).click()
    await page.locator('aside header').getByRole('button', { name: 'Workspace: Choir' }).waitFor()
    await page.locator('.ProseMirror').waitFor()
    assert.equal(await page.evaluate(() => window.starts), 1, 'only going elsewhere begins anew')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('keep no other away when one does not open', async () => {
    const { page, errors } = await world.open()
    await beside(page, { ...CHOIR, sync: null, problem: 'corrupt' })
    let menu = await openMenu(page)
    await menu.getByRole('menuitemradio', { name: 'Choir Its file is damaged' }).click()
    await page.getByText('The file of this workspace is damaged').waitFor()
    assert.deepEqual(await violations(page), [])
    menu = await openMenu(page, /Workspaces/)
    await menu.getByRole('menuitemradio', { name: 'Harbour crew Synced' }).click()
    await page.locator('.ProseMirror').waitFor()
    await page.getByRole('status').getByText('Synced').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('become one more when Imke joins another team, and she is told that the first goes on', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await beside(page)
    const menu = await openMenu(page)
    await menu.getByRole('menuitem', { name: 'Join another team' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Harbour crew stays open and in step').waitFor()
    await menu.waitFor({ state: 'detached' })
    assert.deepEqual(await violations(page), [])
    await picture(page, 'dialog-join-another')
    await asImke(page, 'https://relay.example.org/join#secret')
    await dialog.waitFor({ state: 'detached' })
    await page.locator('.ProseMirror').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })
})
