/** Bringing in and taking out: what was found, how far it is, what was left and why, and ending it half-way. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, row, violations } from './window.mjs'

const LEFT = {
  count: 3,
  first: [
    { path: '.obsidian', reason: 'hidden', most: null },
    { path: 'letters/latin.md', reason: 'not_text', most: null },
    { path: 'film.mov', reason: 'too_large', most: 1024 },
  ],
}

/** Runs a command from the palette, by keyboard alone. */
const command = async (page, words) => {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').fill(words)
  await page.getByRole('option', { name: words }).waitFor()
  await page.keyboard.press('Enter')
}

/** Says what the person chooses in the system's dialog. */
const chooses = (page, found) =>
  page.evaluate((found) => {
    window.sheafBackend.transfer.chosen = found
  }, found)

/** Stops what is under way before its next step, until the returned function is called. */
const hold = (page) =>
  page.evaluate(() => {
    window.sheafBackend.transfer.slow = new Promise((resolve) => {
      window.goOn = resolve
    })
  })

describe('a folder', () => {
  const world = browser()

  for (const dark of [false, true]) {
    it(`is brought in, with a word on everything that was left out (${dark ? 'dark' : 'light'})`, async () => {
      const { page, errors } = await world.open({ dark, ...(dark ? { width: 900, height: 600 } : {}) })
      await chooses(page, { name: 'Vault', documents: 4, left: LEFT })
      await page.evaluate((left) => {
        window.sheafBackend.transfer.left = left
      }, LEFT)
      await command(page, 'Import a folder…')
      const found = page.getByRole('dialog', { name: 'Bring in “Vault”' })
      await found.getByText('There are 4 documents in it.').waitFor()
      await found.getByText('letters/latin.md').waitFor()
      assert.deepEqual(await violations(page), [])
      await picture(page, `import-found-${dark ? 'dark' : 'light'}`)
      await hold(page)
      await found.getByRole('button', { name: 'Import' }).click()
      const running = page.getByRole('dialog', { name: 'Bringing in' })
      await running.getByText('0 of 4 Harbour/Log.md').waitFor()
      assert.equal(await running.getByRole('progressbar').count(), 1)
      assert.deepEqual(await violations(page), [])
      await picture(page, `import-running-${dark ? 'dark' : 'light'}`)
      await page.evaluate(() => window.goOn())
      const done = page.getByRole('dialog', { name: '“Vault” is here' })
      await done.getByText('4 documents were brought in.').waitFor()
      await done.getByText('Larger than 1024 MB').waitFor()
      assert.deepEqual(await violations(page), [])
      await picture(page, `import-done-${dark ? 'dark' : 'light'}`)
      await done.getByRole('button', { name: 'Open it' }).click()
      await row(page, 'Vault').waitFor()
      assert.deepEqual(errors, [])
      await page.close()
    })
  }

  it('that is ended half-way is in the trash, and the person is told so', async () => {
    const { page, errors } = await world.open()
    await chooses(page, { name: 'Vault', documents: 40, left: { count: 0, first: [] } })
    await command(page, 'Import a folder…')
    await hold(page)
    await page.getByRole('button', { name: 'Import' }).click()
    await page.getByText('0 of 40').waitFor()
    await page.keyboard.press('Escape')
    await page.evaluate(() => window.goOn())
    const dialog = page.getByRole('dialog', { name: 'Cancelled' })
    await dialog.getByText('What was brought in until then is in the trash').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('that does not fit on the disk is told of in words', async () => {
    const { page } = await world.open()
    await chooses(page, { name: 'Vault', documents: 4, left: { count: 0, first: [] } })
    await page.evaluate(() => {
      window.sheafBackend.transfer.failing = 'disk_full'
    })
    await command(page, 'Import a folder…')
    await page.getByRole('button', { name: 'Import' }).click()
    const dialog = page.getByRole('dialog', { name: 'Not everything could be brought in' })
    await dialog.getByText(/The disk is full/).waitFor()
    await dialog.getByText('is in the trash').waitFor()
    await page.close()
  })

  it('without a document in it is not brought in, and the reason is told', async () => {
    const { page } = await world.open()
    await chooses(page, { name: '', documents: 0, left: LEFT })
    await command(page, 'Import a folder…')
    const dialog = page.getByRole('dialog', { name: 'Nothing to bring in' })
    await dialog.getByText('film.mov').waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.close()
  })

  it('is nothing where the person chose none', async () => {
    const { page } = await world.open()
    await command(page, 'Import a folder…')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.close()
  })
})

describe('documents', () => {
  const world = browser()

  it('are taken out, alone or with everything under them', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(() => {
      window.sheafBackend.team.seed('below', 'Below', () => {}, 'welcome')
      window.sheafBackend.happen({ kind: 'places', documents: null })
    })
    await command(page, 'Export this document…')
    const asked = page.getByRole('dialog', { name: 'Export “Welcome to Sheaf”' })
    await asked.getByRole('radio', { name: /Markdown/ }).waitFor()
    assert.equal(await asked.getByRole('checkbox', { name: 'With everything under it' }).isChecked(), true)
    assert.deepEqual(await violations(page), [])
    await picture(page, 'export-asked')
    await asked.getByRole('button', { name: 'Choose a folder…' }).click()
    const done = page.getByRole('dialog', { name: '“Backup” is in the folder' })
    await done.getByText('3 documents were written.').waitFor()
    await done.getByRole('button', { name: 'Show in folder' }).click()
    const { taken, shown } = await page.evaluate(() => window.sheafBackend.transfer)
    assert.deepEqual(taken, [{ scope: { below: 'welcome' }, format: 'markdown' }])
    assert.equal(shown, 1)
    await page.keyboard.press('Escape')
    await command(page, 'Export everything…')
    await page.getByRole('button', { name: 'Choose a folder…' }).click()
    await done.waitFor()
    assert.deepEqual(await page.evaluate(() => window.sheafBackend.transfer.taken[1].scope), 'workspace')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('stay where they are when the person chooses no folder', async () => {
    const { page } = await world.open()
    await page.evaluate(() => {
      window.sheafBackend.transfer.into = null
    })
    await command(page, 'Export everything…')
    await page.getByRole('button', { name: 'Choose a folder…' }).click()
    await page.getByRole('dialog', { name: 'Export everything' }).waitFor()
    await page.close()
  })
})
