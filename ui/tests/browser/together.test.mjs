/** Two people in one document, a cut line, a disk that refuses, and content from the future. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, stored, tomasJoins, toTheEnd } from './window.mjs'

/** Tomás writes a paragraph at the end. */
const tomasWrites = (page, text) => page.evaluate((words) => window.tomas.write('welcome', words), text)

describe('together', () => {
  const world = browser()

  it("shows Tomás's face, and what he writes, without moving Imke's caret", async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    await page.locator('.faces li[title="Tomás"]').waitFor()
    await toTheEnd(page)
    await page.keyboard.type(' Imke was here')
    await tomasWrites(page, 'And so was Tomás.')
    await page.getByText('And so was Tomás.').waitFor()
    await page.keyboard.type(' and still is')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /Imke was here and still is<\/paragraph>/, 'her words stayed together')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('lets Imke compose a word while Tomás writes', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await toTheEnd(page)
    const keyboard = await page.context().newCDPSession(page)
    await keyboard.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 })
    await tomasWrites(page, 'A line from Tomás.')
    await keyboard.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    await keyboard.send('Input.insertText', { text: '日本' })
    await page.getByText('A line from Tomás.').waitFor()
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const text = await stored(page)
    assert.match(text, /share it\.日本</, `the word is composed once, in its place: ${text}`)
    assert.doesNotMatch(text, /に/, 'nothing of the composition is left over')
    await page.close()
  })

  it('counts what waits while the line is cut, and says so in words', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await page.evaluate(() => {
      window.sheafBackend.online = false
    })
    await page.getByRole('status').getByText('Offline').waitFor()
    await toTheEnd(page)
    await page.keyboard.type('x')
    await page.getByRole('status').getByText('1 change waiting').waitFor()
    await page.evaluate(() => {
      window.sheafBackend.online = true
    })
    await page.getByRole('status').getByText('Synced').waitFor()
    await page.close()
  })

  it('says "not saved" while the disk is full, and saves everything once it is not', async () => {
    const { page } = await world.open()
    await page.evaluate(() => {
      window.sheafBackend.failing = Object.assign(new Error('full'), { code: 'disk_full' })
    })
    await toTheEnd(page)
    await page.keyboard.type('kept')
    await page.getByRole('status').getByText('Not saved').waitFor()
    await page.getByText('The disk is full').waitFor()
    await page.evaluate(() => {
      window.sheafBackend.failing = null
    })
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    assert.match(await stored(page), /kept<\/paragraph>/)
    await page.close()
  })

  it('shows a document with unknown content, says why, and changes nothing', async () => {
    const { page } = await world.open()
    const before = await stored(page)
    await page.evaluate(() => {
      window.sheafBackend.unknown = [{ kind: 'node', name: 'hologram' }]
      window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
    })
    await page.getByText('You can read this document, not edit it').waitFor()
    assert.equal(await page.locator('.ProseMirror').count(), 0, 'there is no editor')
    assert.equal(await stored(page), before)
    await page.close()
  })
})
