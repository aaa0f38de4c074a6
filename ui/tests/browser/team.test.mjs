/** Coming to a team and back to it: insisting, a missing keychain, an empty workspace, a session that ended. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asImke, browser, picture, violations } from './window.mjs'

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
    assert.deepEqual(await violations(page), [])
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
    await page.evaluate(() => window.sheafBackend.team.clear())
    await page.getByRole('button', { name: 'Join a team' }).click()
    await asImke(page, 'https://relay.example.org/join#secret')
    await page.getByText('Documents of your team appear here').waitFor()
    await picture(page, 'empty-team')
    await page.evaluate(() => {
      const backend = window.sheafBackend
      backend.team.seed('tides', 'Tides')
      backend.happen({ kind: 'places', documents: ['tides'] })
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

  it('is not left half-way: the dialog stays until its answer is there', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(() => {
      window.sheafBackend.join = () =>
        new Promise((_, reject) => {
          window.answer = () => reject(Object.assign(new Error('used'), { code: 'invitation' }))
        })
    })
    await page.getByRole('button', { name: 'Join a team' }).click()
    await asImke(page, 'https://relay.example.org/join#secret')
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Working…').waitFor()
    await page.keyboard.press('Escape')
    await page.mouse.click(5, 5)
    assert.ok(
      await dialog.getByRole('button', { name: 'Cancel' }).isDisabled(),
      'nothing can be taken back now',
    )
    await page.evaluate(() => window.answer())
    await dialog.getByText('This invitation is wrong, used or expired').waitFor()
    await page.mouse.click(5, 5)
    assert.equal(await dialog.getByLabel('Name').inputValue(), 'Imke', 'a click beside it forgets nothing')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Share' }).click()
    await dialog.waitFor()
    assert.equal(await dialog.getByRole('alert').count(), 0, 'another question begins without its complaint')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('that does not take Imke says why and what to do, and takes her once that is done', async () => {
    const { page } = await world.open()
    await page.getByRole('button', { name: 'Join a team' }).click()
    const dialog = page.getByRole('dialog')
    const complaint = dialog.getByRole('alert')
    await asImke(page, 'https://relay.example.org/join')
    await complaint.getByText('This invitation is wrong, used or expired').waitFor()
    await dialog.getByLabel('Invitation').fill('https://relay.example.org/join#secret')
    for (const [code, what, then] of [
      ['invitation', 'This invitation is wrong, used or expired.', 'Ask for a new one'],
      ['credentials', 'E-mail or password is wrong.', 'Try again'],
      ['email_taken', 'has an account at this relay already', 'Use that password'],
      ['field', 'Something is missing, too short or too long.', 'Look at the fields again'],
      ['not_a_relay', 'it is not a Sheaf relay', 'Look at the link again'],
      ['unreachable', 'The relay does not answer.', 'look at the link again'],
      ['version', 'do not understand each other', 'Update the older one'],
      ['busy', 'The relay is busy.', 'Wait a moment and try again'],
    ]) {
      await page.evaluate((code) => {
        window.sheafBackend.refusing = code
      }, code)
      await dialog.locator('button.primary').click()
      await complaint.getByText(what).waitFor()
      const said = await complaint.textContent()
      assert.ok(said.includes(then), `${code} says what to do: ${said}`)
      assert.match(said, /Nothing was changed|Everything is saved/, `${code} says what is safe: ${said}`)
      assert.equal(
        await dialog.getByLabel('E-mail').inputValue(),
        'imke@example.org',
        'nothing is typed twice',
      )
    }
    await page.evaluate(() => {
      window.sheafBackend.refusing = null
    })
    await dialog.locator('button.primary').click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Harbour crew').waitFor()
    await page.close()
  })

  it('leaves the way back to what Bo wrote before, by mouse and by keyboard', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    const head = page.locator('aside header')
    await head.getByText('This device').waitFor()
    assert.equal(
      await head.getByRole('button', { name: 'Workspace' }).count(),
      0,
      'there is nowhere to go yet',
    )
    await page.getByRole('button', { name: 'Join a team' }).click()
    await asImke(page, 'https://relay.example.org/join#secret')
    await page.getByRole('status').getByText('Synced').waitFor()
    await head.getByRole('button', { name: 'Workspace: Harbour crew' }).click()
    const menu = page.getByRole('menu')
    await menu.getByRole('menuitemradio', { name: 'Harbour crew', checked: true }).waitFor()
    assert.deepEqual(await violations(page), [])
    await picture(page, 'workspaces')
    await menu.getByRole('menuitemradio', { name: 'This device' }).click()
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    await head.getByRole('button', { name: 'Workspace: This device' }).focus()
    await page.keyboard.press('Enter')
    await menu.getByRole('menuitemradio', { name: 'Harbour crew' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('status').getByText('Synced').waitFor()
    await page.locator('.ProseMirror').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })
})
