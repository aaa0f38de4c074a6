/** Writing in a real browser: shortcuts, the toolbar, undo, what is stored. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, stored, toTheEnd } from './window.mjs'

describe('writing', () => {
  const world = browser()

  it('makes blocks and marks from what Imke types, and stores every key', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    for (const line of [
      '',
      '## Before the season',
      'Berth **four** is free',
      '- cards',
      'tides',
      '',
      '[ ] ask',
      '',
      '> fog',
      '',
    ]) {
      await page.keyboard.type(line)
      await page.keyboard.press('Enter')
    }
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const text = await stored(page)
    for (const part of [
      '<heading level="2">Before the season</heading>',
      '<paragraph>Berth <bold>four</bold> is free</paragraph>',
      '<listitem><paragraph>tides</paragraph></listitem>',
      '<taskitem checked="false"><paragraph>ask</paragraph></taskitem>',
      '<blockquote><paragraph>fog</paragraph></blockquote>',
    ]) {
      assert.ok(text.includes(part), `${part} is stored: ${text}`)
    }
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('formats a selection from the toolbar, and takes it back', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Control+Shift+ArrowLeft')
    await page.getByRole('button', { name: 'Bold' }).click()
    assert.match(await stored(page), /<bold>\.<\/bold>/, 'what was selected is bold')
    await page.keyboard.press('Control+z')
    await page.waitForFunction(() => !document.querySelector('.ProseMirror strong'))
    assert.doesNotMatch(await stored(page), /<bold>/, 'and is not any more')
    await page.close()
  })

  it('makes only safe links', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Control+Shift+ArrowLeft')
    await page.getByRole('button', { name: 'Link' }).click()
    await page.getByLabel('Link address').fill('javascript:alert(1)')
    await page.keyboard.press('Enter')
    await page.getByText('Links start with https').waitFor()
    await page.getByLabel('Link address').fill('example.org')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.ProseMirror a[href="https://example.org"]')
    await page.close()
  })

  it('makes a document with the caret in its title, and lists it by that title', async () => {
    const { page } = await world.open()
    await page.getByRole('button', { name: 'New document' }).click()
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('Ferry timetable')
    await page.keyboard.press('Enter')
    await page.keyboard.type('The evening boat leaves at 18:40.')
    await page.getByRole('button', { name: 'Ferry timetable' }).waitFor()
    await page.waitForFunction(() =>
      [...window.sheafBackend.team.documents.values()].some((doc) =>
        doc.getXmlFragment('default').toString().includes('18:40'),
      ),
    )
    await page.close()
  })
})
