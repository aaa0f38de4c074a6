/** The settings: Imke makes Sheaf look, read and speak as she likes, and it does so again when she comes back. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, row, tomasJoins, toTheEnd, violations } from './window.mjs'

const dialog = (page, name = 'Settings') => page.getByRole('dialog', { name })
const root = (page, name) => page.evaluate((name) => document.documentElement.getAttribute(name), name)
const style = (page, what, of) =>
  page.evaluate(([what, of]) => getComputedStyle(document.querySelector(of))[what], [what, of])

async function settings(page) {
  await page.keyboard.press('Control+,')
  await dialog(page).waitFor()
}

describe('the settings', () => {
  const world = browser()

  it('open by key, by button and from the palette, and give the keyboard back', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await settings(page)
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    await page.keyboard.type(' On.')
    await page.getByText('until you share it. On.').waitFor()
    await page.getByRole('button', { name: 'Settings' }).click()
    await dialog(page).getByRole('button', { name: 'Close' }).click()
    await dialog(page).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('settings')
    await page.waitForFunction(() =>
      document.querySelector('[role=option][data-selected]')?.textContent?.includes('Settings'),
    )
    await page.keyboard.press('Enter')
    await dialog(page).waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('choose a theme that holds whatever the system wants, at once and after a restart', async () => {
    const { page, errors } = await world.open()
    const light = await style(page, 'backgroundColor', 'body')
    await settings(page)
    await dialog(page).getByRole('radio', { name: 'Dark' }).check({ force: true })
    assert.equal(await root(page, 'data-theme'), 'dark')
    const dark = await style(page, 'backgroundColor', 'body')
    assert.notEqual(dark, light)
    await picture(page, 'settings-dark')
    await page.reload()
    await page.waitForSelector('.ProseMirror')
    assert.equal(await style(page, 'backgroundColor', 'body'), dark, 'it is remembered')
    await settings(page)
    await dialog(page).getByRole('radio', { name: 'System' }).check({ force: true })
    assert.equal(await style(page, 'backgroundColor', 'body'), light)
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('set the text of documents: font, size, spelling', async () => {
    const { page, errors } = await world.open()
    await settings(page)
    assert.equal(await style(page, 'fontSize', '.ProseMirror'), '16px')
    const narrow = (await page.locator('.column').boundingBox()).width
    await dialog(page).getByRole('radio', { name: 'Serif' }).check({ force: true })
    await dialog(page).getByRole('radio', { name: 'Larger' }).check({ force: true })
    assert.equal(await style(page, 'fontSize', '.ProseMirror'), '21px')
    assert.match(await style(page, 'fontFamily', '.ProseMirror'), /serif/u)
    assert.ok((await page.locator('.column').boundingBox()).width > narrow, 'a line holds as much as before')
    assert.equal(await page.evaluate(() => document.querySelector('.ProseMirror').spellcheck), true)
    await dialog(page).getByRole('switch', { name: 'Check spelling' }).uncheck()
    assert.equal(await page.evaluate(() => document.querySelector('.ProseMirror').spellcheck), false)
    assert.deepEqual(await violations(page), [])
    await picture(page, 'settings-light')
    await page.keyboard.press('Escape')
    await picture(page, 'settings-serif')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('draw the whole window larger, also by key', async () => {
    const { page } = await world.open()
    const drawn = (factor) => page.waitForFunction((factor) => window.sheafBackend.zoom === factor, factor)
    await page.keyboard.press('Control+=')
    await drawn(1.1)
    await page.keyboard.press('Control++')
    await drawn(1.25)
    await page.keyboard.press('Control+-')
    await drawn(1.1)
    await settings(page)
    await dialog(page).getByRole('combobox', { name: 'Zoom' }).selectOption({ label: '200%' })
    await drawn(2)
    await page.keyboard.press('Escape')
    await dialog(page).waitFor({ state: 'detached' })
    await page.keyboard.press('Control+0')
    await drawn(1)
    await page.close()
  })

  it('speak another language without a restart, and the text stays where it was', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.type(' Moin')
    await settings(page)
    await dialog(page).getByRole('combobox', { name: 'Language' }).selectOption({ label: 'Deutsch' })
    await dialog(page, 'Einstellungen').waitFor()
    assert.equal(await root(page, 'lang'), 'de')
    await picture(page, 'settings-german')
    await page.keyboard.press('Escape')
    await page.getByText('Auf diesem Gerät gespeichert').waitFor()
    await page.getByText('until you share it. Moin').waitFor()
    assert.deepEqual(await violations(page), [])
    await page.reload()
    await page.getByRole('button', { name: 'Neues Dokument' }).waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('say who the person is, how it stands, and where everything lies', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await settings(page)
    await dialog(page).getByText('It is on this device alone.').waitFor()
    await dialog(page).getByText('/home/ada/.local/share/dev.sheaf.desktop').waitFor()
    await dialog(page).getByRole('button', { name: 'Open', exact: true }).click()
    assert.deepEqual(await page.evaluate(() => window.sheafBackend.opened), [
      '/home/ada/.local/share/dev.sheaf.desktop',
    ])
    await picture(page, 'settings-small')
    await dialog(page).getByRole('button', { name: 'Join a team' }).click()
    await dialog(page, 'Join a team').waitFor()
    await page.keyboard.press('Escape')
    await tomasJoins(page)
    await row(page, 'Welcome to Sheaf').waitFor()
    await settings(page)
    await dialog(page).getByText('Synced').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })
})
