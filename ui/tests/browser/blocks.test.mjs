/** Whole blocks: moved by hand and by keys, doubled, turned into others, and never away from under a colleague. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, put, stored, tomasJoins, violations } from './window.mjs'

const LINES = [
  ['paragraph', {}, ['one']],
  ['paragraph', {}, ['two']],
  [
    'bulletList',
    {},
    [
      ['listItem', {}, [['paragraph', {}, ['milk']]]],
      ['listItem', {}, [['paragraph', {}, ['bread']]]],
    ],
  ],
  ['paragraph', {}, ['last']],
]
const words = async (page) =>
  (await stored(page))
    .replace(/<[^>]*>/g, ' ')
    .replace(/.*share it\. +/, '')
    .split(/ +/)
    .filter(Boolean)
const settled = (page) => page.waitForFunction(() => window.sheafBackend.inFlight === 0)
const line = (page, text) => page.locator('.ProseMirror').getByText(text, { exact: true })
const handle = (page) => page.getByRole('button', { name: 'This block' })

/** Imke puts her caret into a line; the editor hears of it with the next frame, and no person is faster. */
async function clickInto(page, text) {
  await line(page, text).click()
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}

/** Where the handle of a line is. */
async function handleOf(page, text) {
  await line(page, text).hover()
  await handle(page).waitFor()
  const box = await handle(page).boundingBox()
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Puts Tomás's caret into a line, and lets him go on typing there. */
const tomasIn = (page, index) =>
  page.evaluate(async (index) => {
    const doc = window.sheafBackend.team.documents.get('welcome')
    const { client, clock } = doc.getXmlFragment('default').get(index).get(0)._item.id
    const here = { type: { client, clock }, assoc: 0 }
    await window.tomas.setCaret('welcome', JSON.stringify({ anchor: here, head: here }))
  }, index)

describe('blocks', () => {
  const world = browser()

  it('move by keys, with the caret in them, and back', async () => {
    const { page, errors } = await world.open()
    await put(page, LINES)
    await clickInto(page, 'one')
    await page.keyboard.press('End')
    await page.keyboard.press('Alt+Shift+ArrowDown')
    await page.keyboard.type('!')
    await settled(page)
    assert.deepEqual(await words(page), ['two', 'one!', 'milk', 'bread', 'last'])
    await page.keyboard.press('Alt+Shift+ArrowUp')
    await settled(page)
    assert.deepEqual(await words(page), ['one!', 'two', 'milk', 'bread', 'last'])
    await clickInto(page, 'bread')
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('Alt+Shift+ArrowUp')
    await settled(page)
    assert.deepEqual(await words(page), ['one!', 'two', 'bread', 'milk', 'last'], 'an item stays in its list')
    await page.keyboard.press('Control+Shift+d')
    await settled(page)
    assert.deepEqual(await words(page), ['one!', 'two', 'bread', 'bread', 'milk', 'last'])
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('move by hand: a line behind another, an item out of its list', async () => {
    const { page, errors } = await world.open()
    await put(page, LINES)
    const [from, to] = [await handleOf(page, 'one'), await line(page, 'last').boundingBox()]
    await handleOf(page, 'one')
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(from.x + 60, to.y + to.height - 3, { steps: 6 })
    await picture(page, 'blocks-dragging')
    await page.mouse.up()
    await settled(page)
    assert.deepEqual(await words(page), ['two', 'milk', 'bread', 'last', 'one'])
    const milk = await handleOf(page, 'milk')
    const two = await line(page, 'two').boundingBox()
    await page.mouse.move(milk.x, milk.y)
    await page.mouse.down()
    await page.mouse.move(milk.x + 60, two.y + 3, { steps: 6 })
    await page.mouse.up()
    await settled(page)
    assert.match(
      await stored(page),
      /<bulletlist><listitem><paragraph>milk<\/paragraph><\/listitem><\/bulletlist><paragraph>two/,
    )
    await page.keyboard.press('Control+z')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('are turned into others and deleted from the menu of their handle', async () => {
    const { page, errors } = await world.open()
    await put(page, LINES)
    const at = await handleOf(page, 'two')
    await page.mouse.click(at.x, at.y)
    await page.getByRole('menu').waitFor()
    assert.deepEqual(await violations(page), [])
    await picture(page, 'blocks-menu')
    await page.getByRole('menuitem', { name: 'Turn into' }).press('ArrowRight')
    await page.getByRole('menuitem', { name: 'Heading 2' }).click()
    await settled(page)
    assert.match(await stored(page), /<heading level="2">two<\/heading>/)
    const last = await handleOf(page, 'last')
    await page.mouse.click(last.x, last.y)
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await settled(page)
    assert.deepEqual(await words(page), ['one', 'two', 'milk', 'bread'])
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('that Tomás types in do not move from under him: the neighbour goes the other way, or nothing does', async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    await put(page, LINES)
    await clickInto(page, 'two')
    await tomasIn(page, 2)
    await page.locator('.ProseMirror .caret').waitFor()
    const type = () =>
      page.evaluate(() => {
        const text =
          window.twos ??
          window.sheafBackend.team.documents.get('welcome').getXmlFragment('default').get(2).get(0)
        window.twos = text
        let sent
        text.doc.once('update', (update) => (sent = update))
        text.insert(0, 'Tomás: ')
        window.sheafBackend.happen({ kind: 'update', document: 'welcome', update: sent })
      })
    await page.evaluate(() => {
      window.twos = window.sheafBackend.team.documents.get('welcome').getXmlFragment('default').get(2).get(0)
    })
    await page.keyboard.press('Alt+Shift+ArrowUp')
    await type()
    await settled(page)
    assert.deepEqual(
      await words(page),
      ['Tomás:', 'two', 'one', 'milk', 'bread', 'last'],
      'what he types into the block that moved is there',
    )
    const from = await handleOf(page, 'Tomás: two').catch(() => null)
    const box = await page.locator('.ProseMirror').getByText('two').boundingBox()
    const last = await line(page, 'last').boundingBox()
    await page.mouse.move(from?.x ?? box.x - 16, from?.y ?? box.y + 12)
    await page.mouse.down()
    await page.mouse.move(box.x + 60, last.y + last.height - 3, { steps: 6 })
    await page.mouse.up()
    await page.getByText('A colleague is writing in this block').waitFor()
    assert.deepEqual((await words(page)).slice(0, 3), ['Tomás:', 'two', 'one'], 'it stays where it is')
    assert.deepEqual(errors, [])
    await page.close()
  })
})
