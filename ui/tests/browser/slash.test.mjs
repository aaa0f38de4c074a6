/** The menu behind a slash, emoji by name, and what is typed as Markdown. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, stored, tomasJoins, toTheEnd, violations } from './window.mjs'

const menu = (page) => page.getByRole('listbox', { name: 'Blocks' })
const settled = (page) => page.waitForFunction(() => window.sheafBackend.inFlight === 0)

/** Imke begins a line of her own. */
async function newLine(page) {
  await toTheEnd(page)
  await page.keyboard.press('Enter')
}

describe('the slash menu', () => {
  const world = browser()

  for (const dark of [false, true])
    it(`opens behind a slash, ${dark ? 'dark' : 'light'}, and is what the text says it controls`, async () => {
      const { page, errors } = await world.open({ dark })
      await newLine(page)
      await page.keyboard.type('/')
      await menu(page).waitFor()
      const text = page.locator('.ProseMirror')
      const reached = await text.getAttribute('aria-activedescendant')
      assert.equal(
        await page
          .locator(`[id="${reached}"]`)
          .textContent()
          .then((words) => words.includes('Text')),
        true,
      )
      assert.deepEqual(await violations(page), [])
      await picture(page, `slash-${dark ? 'dark' : 'light'}`)
      await page.keyboard.type('head')
      assert.equal(await menu(page).getByRole('option').count(), 3, 'three headings')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Enter')
      await menu(page).waitFor({ state: 'hidden' })
      assert.equal(await text.getAttribute('aria-activedescendant'), null)
      await page.keyboard.type('Tides')
      await settled(page)
      assert.match(await stored(page), /<heading level="2">Tides<\/heading>$/, 'and the slash is gone')
      assert.deepEqual(errors, [])
      await page.close()
    })

  it('leaves what was typed when Imke presses Escape, and does not come back for it', async () => {
    const { page, errors } = await world.open()
    await newLine(page)
    await page.keyboard.type('see /ta')
    await menu(page).waitFor()
    await page.keyboard.press('Escape')
    await menu(page).waitFor({ state: 'hidden' })
    await page.keyboard.type('ble')
    assert.equal(await menu(page).isVisible(), false)
    await page.keyboard.press('Enter')
    await settled(page)
    assert.match(await stored(page), /see \/table<\/paragraph><paragraph/, 'Enter is Enter again')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('opens nowhere else: within words, in code, for what a colleague writes', async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    await newLine(page)
    await page.keyboard.type('and/or')
    assert.equal(await menu(page).isVisible(), false, 'within a word')
    await page.evaluate(() => window.tomas.write('welcome', '/ta'))
    await page.getByText('/ta').waitFor()
    assert.equal(await menu(page).isVisible(), false, 'by a colleague')
    await page.locator('.ProseMirror').getByText('/ta').click()
    await page.keyboard.press('End')
    assert.equal(await menu(page).isVisible(), false, 'by coming along')
    await page.keyboard.press('Enter')
    await page.keyboard.type('``` /x')
    assert.equal(await menu(page).isVisible(), false, 'in code')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('puts in every kind of block', async () => {
    const { page, errors } = await world.open()
    await newLine(page)
    const put = async (query, words, leave = ['ArrowDown']) => {
      await page.keyboard.type(`/${query}`)
      await menu(page).waitFor()
      await page.keyboard.press('Enter')
      await menu(page).waitFor({ state: 'hidden' })
      await page.keyboard.type(words)
      for (const key of leave) await page.keyboard.press(key)
    }
    await put('toggle', 'What to bring', ['Enter'])
    await page.keyboard.type('Oars')
    for (const key of ['Enter', 'Enter']) await page.keyboard.press(key)
    await put('warning', 'Fog', ['Enter', 'Enter'])
    await put('formula', 'a^2', ['Enter', 'Enter'])
    await put('code', 'let a', ['Enter', 'Enter', 'Enter'])
    await put('footnote', 'By letter', [])
    await settled(page)
    const text = await stored(page)
    for (const part of [
      '<toggle><toggletitle>What to bring</toggletitle><paragraph>Oars</paragraph></toggle>',
      '<callout kind="warning"><paragraph>Fog</paragraph></callout>',
      '<mathblock>a^2</mathblock>',
      '<codeblock>let a</codeblock>',
      '<footnotereference label="1"></footnotereference>',
      '<footnote label="1"><paragraph>By letter</paragraph></footnote>',
    ])
      assert.ok(text.includes(part), `${part} is stored: ${text}`)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('goes on where it was when Tomás writes above it', async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    await newLine(page)
    await page.keyboard.type('/tab')
    await menu(page).waitFor()
    await page.evaluate(() => {
      const doc = window.sheafBackend.team.documents.get('welcome')
      const before = []
      doc.once('update', (update) => before.push(update))
      doc.getXmlFragment('default').get(0).get(0).insert(0, 'Tomás: ')
      window.sheafBackend.happen({ kind: 'update', document: 'welcome', update: before[0] })
    })
    await page.locator('.ProseMirror').getByText('Tomás: ').waitFor()
    assert.equal(await menu(page).isVisible(), true, 'the menu is still open')
    await page.keyboard.press('Enter')
    await page.locator('.ProseMirror table').waitFor()
    await settled(page)
    assert.doesNotMatch(await stored(page), />\/tab/, 'what was typed for it is gone')
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('typing', () => {
  const world = browser()

  it('finds emoji by their names, and leaves times alone', async () => {
    const { page, errors } = await world.open()
    await newLine(page)
    await page.keyboard.type('at 10:30 :sailb')
    const list = page.getByRole('listbox', { name: 'Emoji' })
    await list.waitFor()
    await page.keyboard.press('Enter')
    await list.waitFor({ state: 'hidden' })
    await page.keyboard.type(' away')
    await settled(page)
    assert.match(await stored(page), /at 10:30 ⛵️? away/)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('knows the signs of Markdown', async () => {
    const { page, errors } = await world.open()
    await newLine(page)
    for (const line of [
      'H~2~O and m^2^ are ==not== ~~gone~~',
      'so $E = mc^2$ holds, for $5',
      '>> More',
      'inside',
    ])
      for (const key of [...line, 'Enter']) await page.keyboard.press(key === ' ' ? 'Space' : key)
    await page.keyboard.press('Enter')
    await page.keyboard.type('[!tip] Ask first')
    await settled(page)
    const text = await stored(page)
    for (const part of [
      'H<subscript>2</subscript>O and m<superscript>2</superscript> are <highlight color="null">not</highlight> <strike>gone</strike>',
      'so <math>E = mc^2</math> holds, for $5',
      '<toggle><toggletitle>More</toggletitle><paragraph>inside</paragraph></toggle>',
      '<callout kind="tip"><paragraph>Ask first</paragraph></callout>',
    ])
      assert.ok(text.includes(part), `${part} is stored: ${text}`)
    assert.deepEqual(errors, [])
    await page.close()
  })
})
