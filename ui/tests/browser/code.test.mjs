/** Code with its colours, formulas and diagrams: in a window that may do no more than the app's. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, put, stored, tomasJoins, violations } from './window.mjs'

const settled = (page) => page.waitForFunction(() => window.sheafBackend.inFlight === 0)
const text = (page) => page.locator('.ProseMirror')
const frames = (page) =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))

const RUST = ['codeBlock', { language: 'rust' }, ['fn main() {\n    println!("ahoy"); // loudly\n}']]
const DIAGRAM = ['codeBlock', { language: 'mermaid' }, ['flowchart LR\n  A[North pier] --> B[South pier]']]
const FORMULA = ['mathBlock', {}, ['d = \\frac{v}{t}']]
const LINE = ['paragraph', {}, ['so ', { text: 'E = mc^2', marks: { math: {} } }, ' holds']]

describe('code and formulas', () => {
  const world = browser()

  for (const dark of [false, true])
    it(`are drawn, ${dark ? 'dark' : 'light'}, without a word written`, async () => {
      const { page, errors } = await world.open({ dark, strict: true, height: 1000 })
      await put(page, [LINE, RUST, FORMULA, DIAGRAM, ['paragraph', {}, ['end']]])
      const before = await stored(page)
      await text(page).locator('.hljs-keyword').getByText('fn').waitFor()
      await text(page).locator('.formula .katex').waitFor()
      await text(page).locator('.math-drawn .katex-display').waitFor()
      await text(page).locator('.diagram img').waitFor()
      await text(page).getByText('end', { exact: true }).click()
      await frames(page)
      assert.ok(
        (await text(page)
          .locator('.diagram img')
          .evaluate((image) => image.naturalWidth)) > 100,
      )
      assert.equal(await stored(page), before)
      assert.deepEqual(await violations(page), [])
      await picture(page, `code-${dark ? 'dark' : 'light'}`)
      assert.deepEqual(errors, [])
      await page.close()
    })

  it('a formula is its text where the caret is, and a wrong one says so', async () => {
    const { page, errors } = await world.open({ strict: true })
    await put(page, [LINE, FORMULA, ['paragraph', {}, ['end']]])
    await text(page).locator('.formula .katex').waitFor()
    await text(page).locator('.formula').click()
    await frames(page)
    assert.equal(await text(page).locator('.formula').count(), 0, 'its text is there instead')
    assert.equal(await text(page).getByText('E = mc^2').isVisible(), true)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.type('^')
    await text(page).getByText('end', { exact: true }).click()
    await text(page).locator('.formula.wrong').waitFor()
    await text(page).locator('.math-drawn').click()
    await page.keyboard.type(' + \\oops{')
    await text(page).locator('.math-drawn.wrong').getByText('This formula cannot be drawn yet').waitFor()
    await settled(page)
    assert.match(await stored(page), /<math>E = mc\^\^2<\/math>/)
    assert.match(await stored(page), /<mathblock>d = \\frac\{v\}\{t\} \+ \\oops\{<\/mathblock>/)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('a block of code is given a language, follows a colleague, and is copied', async () => {
    const { page, errors } = await world.open()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await tomasJoins(page)
    await put(page, [
      ['codeBlock', {}, ['let a = 1']],
      ['paragraph', {}, ['end']],
    ])
    await text(page).locator('.code').hover()
    await page.getByLabel('Language').selectOption({ label: 'JavaScript' })
    await text(page).locator('.hljs-keyword').getByText('let').waitFor()
    await settled(page)
    assert.match(await stored(page), /<codeblock language="javascript">/)
    await page.evaluate(() => {
      const block = window.sheafBackend.team.documents.get('welcome').getXmlFragment('default').get(1)
      let sent
      block.doc.once('update', (update) => (sent = update))
      block.get(0).insert(0, 'const b = 2\n')
      window.sheafBackend.happen({ kind: 'update', document: 'welcome', update: sent })
    })
    await text(page).locator('.hljs-keyword').getByText('const').waitFor()
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'const b = 2\nlet a = 1')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('a diagram that is wrong says so below the last one that was right', async () => {
    const { page, errors } = await world.open({ strict: true })
    await put(page, [DIAGRAM, ['paragraph', {}, ['end']]])
    await text(page).locator('.diagram img').waitFor()
    await text(page).locator('.code code').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('End')
    await page.keyboard.type(' --> [[[')
    await text(page).locator('.diagram .wrong').waitFor()
    assert.equal(await text(page).locator('.diagram img').count(), 1)
    assert.deepEqual(errors, [])
    await page.close()
  })
})
