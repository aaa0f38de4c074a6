/** Writing in a real browser: shortcuts, the toolbar, undo, what is stored. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, longDocument, row, rows, stored, toTheEnd } from './window.mjs'

/** Imke types lines at the end, each with Enter; returns what is stored then. */
async function typeLines(page, lines) {
  await toTheEnd(page)
  for (const line of lines) {
    await page.keyboard.type(line)
    await page.keyboard.press('Enter')
  }
  await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
  return stored(page)
}

describe('writing', () => {
  const world = browser()

  it('makes blocks and marks from what Imke types, and stores every key', async () => {
    const { page, errors } = await world.open()
    const text = await typeLines(page, [
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
    ])
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

  it('makes the other blocks and marks from what Imke types', async () => {
    const { page, errors } = await world.open()
    const text = await typeLines(page, [
      '',
      '1. mail',
      'people',
      '',
      'The *evening* boat is ~~early~~ late, see `tides`.',
      '```',
      'berth = **4**',
      '',
      '',
      'and on',
    ])
    for (const part of [
      /<orderedlist[^>]*><listitem><paragraph>mail<\/paragraph><\/listitem><listitem><paragraph>people</,
      /The <italic>evening<\/italic> boat is <strike>early<\/strike> late, see <code>tides<\/code>\./,
      /<codeblock[^>]*>berth = \*\*4\*\*<\/codeblock><paragraph>and on</,
    ]) {
      assert.match(text, part)
    }
    assert.deepEqual(errors, [])
    await page.close()
  })

  for (const [keys, what, part] of [
    ['Control+b', 'bold', /<bold>it\.<\/bold>/],
    ['Control+i', 'italic', /<italic>it\.<\/italic>/],
    ['Control+Shift+s', 'struck through', /<strike>it\.<\/strike>/],
    ['Control+e', 'code', /<code>it\.<\/code>/],
    ['Control+Alt+2', 'a heading', /<heading level="2">Write here/],
    ['Control+Shift+7', 'a numbered list', /<orderedlist[^>]*><listitem><paragraph>Write here/],
    ['Control+Shift+8', 'a list', /<bulletlist><listitem><paragraph>Write here/],
    ['Control+Shift+9', 'a task list', /<taskitem[^>]*><paragraph>Write here/],
    ['Control+Shift+b', 'a quote', /<blockquote><paragraph>Write here/],
    ['Control+Alt+c', 'a code block', /<codeblock[^>]*>Write here/],
  ]) {
    it(`${keys} makes ${what}, and once more takes it back`, async () => {
      const { page } = await world.open()
      const before = await stored(page)
      await toTheEnd(page)
      for (let letter = 0; letter < 3; letter += 1) await page.keyboard.press('Shift+ArrowLeft')
      await page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      )
      await page.keyboard.press(keys)
      await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
      assert.match(await stored(page), part)
      await page.keyboard.press(keys)
      await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
      assert.equal(await stored(page), before, 'nothing of it is left')
      await page.close()
    })
  }

  it('takes Imke to what she takes back, wherever she has read on', async () => {
    const { page } = await world.open({ height: 600 })
    await longDocument(page)
    await page.getByText('line 3 of the log', { exact: true }).click()
    await page.keyboard.press('End')
    await page.keyboard.type(' at sea')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    await page.keyboard.press('Control+End')
    await page.getByText('line 99 of the log').click()
    const isSeen = () =>
      page.evaluate(() => {
        const line = [...document.querySelectorAll('.ProseMirror p')].find((p) =>
          p.textContent.startsWith('line 3 '),
        )
        const { top, bottom } = line.getBoundingClientRect()
        return top > 0 && bottom < innerHeight
      })
    assert.equal(await isSeen(), false, 'she is far away')
    for (const [keys, text] of [
      ['Control+z', 'line 3 of the log'],
      ['Control+Shift+z', 'line 3 of the log at sea'],
    ]) {
      await page.keyboard.press(keys)
      await page.getByText(text, { exact: true }).waitFor()
      assert.equal(await isSeen(), true, `${keys} shows what it did`)
      await page.evaluate(() => document.querySelector('.scroll').scrollTo(0, 1e6))
    }
    await page.keyboard.type('!')
    await page.getByText('line 3 of the log at sea!', { exact: true }).waitFor()
    await page.close()
  })

  it('goes on at the end when Imke clicks below the last line', async () => {
    const { page, errors } = await world.open()
    await page.mouse.click(760, 700)
    await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'))
    await page.keyboard.type(' And on.')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /share it\. And on\.<\/paragraph>/)
    assert.equal(
      await page.evaluate(() => {
        const { scrollHeight, clientHeight } = document.querySelector('.scroll')
        return scrollHeight - clientHeight
      }),
      0,
      'a short document does not scroll',
    )
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('begins at the start when Imke clicks between title and text', async () => {
    const { page } = await world.open()
    const title = await page.getByLabel('Title').boundingBox()
    const line = await page.locator('.ProseMirror p').boundingBox()
    await page.mouse.click(line.x + 300, (title.y + title.height + line.y) / 2)
    await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'))
    await page.keyboard.type('First: ')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /<paragraph>First: Write here/)
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
    await row(page, 'Ferry timetable').waitFor()
    await page.waitForFunction(() =>
      [...window.sheafBackend.team.documents.values()].some((doc) =>
        doc.getXmlFragment('default').toString().includes('18:40'),
      ),
    )
    await page.close()
  })

  it('goes from the title into the text before the next key, on a machine too busy to draw', async () => {
    const { page } = await world.open()
    await page.getByRole('button', { name: 'New document' }).click()
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.evaluate(() => {
      window.requestAnimationFrame = () => 0 // no frame is drawn from here on
    })
    await page.keyboard.type('Tides')
    await page.keyboard.press('Enter')
    await page.keyboard.type('High at six.')
    assert.equal(await page.getByLabel('Title').inputValue(), 'Tides', 'no word of the text is in the title')
    assert.equal(await page.locator('.ProseMirror').textContent(), 'High at six.')
    await page.close()
  })

  it('makes one document for one press, however long it lasts, and none behind a dialog', async () => {
    const { page } = await world.open()
    await page.keyboard.down('Control')
    for (let repeat = 0; repeat < 5; repeat += 1) await page.keyboard.down('n')
    await page.keyboard.up('n')
    await page.keyboard.up('Control')
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    assert.equal(await rows(page).count(), 2, 'the welcome, and one more')
    await page.getByRole('button', { name: 'Join a team' }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Control+n')
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await rows(page).count(), 2, 'nobody sees what happens behind a dialog')
    await page.close()
  })
})
