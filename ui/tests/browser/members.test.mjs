/** The members of a team: who is online, everyone in words, a list that is old, and inviting one more. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asImke, browser, picture, tomasJoins, violations } from './window.mjs'

const CREW = ['Tomás', 'Imke Janssen', 'Bo', 'Zoë', 'Jonas Lind', 'Mai', 'Ravi', 'Lena', 'Olu']

/** Lets these people come online. */
const online = (page, names) =>
  page.evaluate((names) => {
    const backend = window.sheafBackend
    const people = names.map((name) => ({ session: name, id: name, name, caret: null }))
    backend.happen({ kind: 'people', document: null, people })
  }, names)

/** Ada joins a crew of nine. */
const crewOfTen = async (page) => {
  await page.evaluate((names) => {
    const people = [
      { id: 'ada', name: 'Ada', role: 'owner' },
      ...names.map((name) => ({ id: name, name, role: 'member' })),
    ]
    window.sheafBackend.people = { at: Date.UTC(2026, 10, 20, 9, 30), people }
  }, CREW)
  await page.getByRole('button', { name: 'Join a team' }).click()
  await asImke(page, 'https://relay.example.org/join#secret')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.locator('aside header').getByText('Harbour crew').waitFor()
}

describe('the members of a team', () => {
  const world = browser()

  for (const [dark, width, height] of [
    [false, 1280, 800],
    [true, 900, 600],
  ]) {
    it(`are seen online, five by their faces and the rest as a number (${dark ? 'dark' : 'light'})`, async () => {
      const { page, errors } = await world.open({ dark, width, height })
      await crewOfTen(page)
      const company = page.locator('.company')
      await company.waitFor()
      assert.equal(await company.locator('.face').count(), 0, 'nobody else is here yet')
      await online(page, CREW)
      await company.getByText('+4').waitFor()
      assert.equal(await company.locator('.face').count(), 5)
      await picture(page, `company-${dark ? 'dark' : 'light'}`)
      await online(page, ['Tomás', 'Bo'])
      await page.getByRole('button', { name: 'Members Online: Tomás' }).click()
      const dialog = page.getByRole('dialog', { name: 'Members of Harbour crew' })
      await dialog.getByText('10 people, 3 online').waitFor()
      const rows = await dialog.getByRole('listitem').allInnerTexts()
      const said = rows.map((row) => row.replace(/\s+/g, ' '))
      assert.match(said[0], /Ada \(you\) Owner Online$/)
      assert.match(said[1], /Bo Member Online$/)
      assert.match(said[2], /Tomás Member Online$/)
      assert.match(said[3], /Imke Janssen Member$/, 'who is not here is listed all the same')
      assert.deepEqual(await violations(page), [])
      await picture(page, `members-${dark ? 'dark' : 'light'}`)
      assert.deepEqual(errors, [])
      await page.close()
    })
  }

  it('are said to be where they are, if that is known', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await page.getByRole('button', { name: 'Members Online: Tomás' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('In Welcome to Sheaf').waitFor()
    await page.evaluate(() => window.tomas.close('welcome'))
    await dialog.getByText('In Welcome to Sheaf').waitFor({ state: 'detached' })
    await page.evaluate(() => {
      const here = window.sheafBackend
      window.mai = new here.constructor(here.team, { id: 'mai', name: 'Mai' }, { state: 'synced' })
    })
    await dialog.getByText('3 people, 3 online').waitFor()
    await page.close()
  })

  it('are listed without the relay, with a word on how old that is', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await crewOfTen(page)
    await page.evaluate(() => {
      window.sheafBackend.online = false
    })
    await page.getByRole('button', { name: 'Members' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/The relay cannot be reached[\s\S]*This list is of .*2026/).waitFor()
    assert.equal(await dialog.getByRole('listitem').count(), 10, 'everyone who was there')
    assert.equal(await dialog.getByText('Online', { exact: true }).count(), 0, 'nobody is called online')
    assert.deepEqual(await violations(page), [])
    await picture(page, 'members-offline')
    await dialog.getByRole('button', { name: 'Invite someone' }).click()
    await dialog.getByText('The relay cannot be reached, so there is no link').waitFor()
    await picture(page, 'invite-offline')
    await page.evaluate(() => {
      window.sheafBackend.online = true
    })
    await dialog.getByRole('button', { name: 'Invite someone' }).click()
    await dialog.getByLabel('Invitation link').waitFor()
    assert.equal(await dialog.getByRole('alert').count(), 0, 'and the complaint is gone')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('become one more by a link, which says for how many and until when, by keyboard alone', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(() => window.sheafBackend.tell({ state: 'synced' }))
    await page.getByRole('button', { name: 'Members' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Invite someone' }).focus()
    await page.keyboard.press('Enter')
    await dialog.getByText(/Good for one person, until .*\d{4}.*\d{1,2}:\d{2}/).waitFor()
    const link = await dialog.getByLabel('Invitation link').inputValue()
    assert.match(link, /^https:\/\/relay\.example\.org\/join#/)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await dialog.getByRole('button', { name: 'Copy' }).click()
    await dialog.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link, 'all of it')
    assert.deepEqual(await violations(page), [])
    await picture(page, 'invite')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), 'Members')
    await page.keyboard.press('Enter')
    await dialog.getByRole('button', { name: 'Invite someone' }).waitFor()
    assert.equal(await dialog.getByLabel('Invitation link').count(), 0, 'a link is shown once')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('are nobody in a workspace on this device alone', async () => {
    const { page } = await world.open()
    assert.equal(await page.getByRole('button', { name: 'Members' }).count(), 0)
    await page.close()
  })
})
