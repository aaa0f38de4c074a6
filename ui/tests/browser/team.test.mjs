/** Coming to a team and back to it: insisting, a missing keychain, an empty workspace, a session that ended. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { browser } from './window.mjs'

/** Keeps a picture where somebody wants to look at it: in the folder that `SHEAF_PICTURES` names. */
const picture = async (page, name) => {
  const folder = process.env.SHEAF_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

/** Fills in the dialog as Imke. */
async function asImke(page, invitation) {
  const dialog = page.getByRole('dialog')
  if (invitation) {
    await dialog.getByLabel('Invitation').fill(invitation)
    await dialog.getByLabel('Your name').fill('Imke')
  }
  await dialog.getByLabel('E-mail').fill('imke@example.org')
  await dialog.getByLabel('Password').fill('correct horse battery')
  await dialog.locator('button.primary').click()
}

describe('a team', () => {
  const world = browser()

  it('is joined without encryption only by somebody who insists and was told what it means', async () => {
    const { page, errors } = await world.open()
    await page.getByRole('button', { name: 'Share' }).click()
    assert.equal(await page.getByRole('checkbox').count(), 0, 'nobody is offered to be unsafe')
    await asImke(page, 'http://relay.example.org/join#secret')
    await page.getByText('This relay is not encrypted').waitFor()
    await page.getByText('Everyone on the way can read your password').waitFor()
    await picture(page, 'dialog-insecure')
    const { violations } = await new AxeBuilder({ page }).analyze()
    assert.deepEqual(
      violations.map((rule) => rule.id),
      [],
    )
    await page.getByLabel('Connect without encryption').check()
    await page.getByRole('dialog').locator('button.primary').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText('Harbour crew').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is joined on a machine without a keychain, which is said in plain words', async () => {
    const { page } = await world.open()
    await page.evaluate(() => {
      window.sheafBackend.notice = 'no_keychain'
    })
    await page.getByRole('button', { name: 'Join a team' }).click()
    await asImke(page, 'https://relay.example.org/join#secret')
    await page.getByText('only until you close the app').waitFor()
    await picture(page, 'dialog-no-keychain')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.close()
  })

  it('shows its first document as soon as one arrives, and does not look broken before', async () => {
    const { page } = await world.open()
    await page.evaluate(() => window.sheafBackend.team.documents.clear())
    await page.getByRole('button', { name: 'Join a team' }).click()
    await asImke(page, 'https://relay.example.org/join#secret')
    await page.getByText('Documents of your team appear here').waitFor()
    await picture(page, 'empty-team')
    await page.evaluate(() => {
      const backend = window.sheafBackend
      backend.team.seed('tides', 'Tides')
      const row = { id: 'tides', title: 'Tides', updated_at: 0, waiting: 0, refused: null }
      backend.happen({ kind: 'documents', documents: [row] })
    })
    await page.locator('.ProseMirror').waitFor()
    assert.equal(await page.getByLabel('Title').inputValue(), 'Tides')
    await page.close()
  })

  it('lets Imke sign in again after her session ended, and write meanwhile', async () => {
    const { page } = await world.open({ width: 900, height: 600 })
    await page.evaluate(() => window.sheafBackend.tell({ state: 'signed_out', waiting: 3 }))
    await page.getByRole('status').getByText('Signed out: changes waiting for you to sign in').waitFor()
    assert.ok(await page.locator('.ProseMirror').isEditable(), 'her documents stay open')
    await page.getByRole('button', { name: 'Sign in again' }).click()
    await page.evaluate(() => {
      window.sheafBackend.refusing = 'other_person'
    })
    await asImke(page)
    await page.getByText('This device belongs to another person of this team').waitFor()
    await picture(page, 'dialog-sign-in')
    await page.evaluate(() => {
      window.sheafBackend.refusing = null
    })
    await page.getByRole('dialog').locator('button.primary').click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('status').getByText('Synced').waitFor()
    await page.close()
  })
})
