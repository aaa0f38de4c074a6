/** Other languages: Sheaf speaks them as a whole, and where people read from right to left, the window turns with them. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, harbour, picture, put, tomasJoins, violations } from './window.mjs'

const box = (locator) => locator.boundingBox()
const direction = (page, of) =>
  page.evaluate((of) => getComputedStyle(document.querySelector(of)).direction, of)

/** Returns what sticks out of the window to a side. */
const overflow = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('body *')]
      .filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
      .filter((element) => !element.closest('.hidden, svg, [aria-hidden=true]'))
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect()
        return width > 1 && (left < -1 || right > innerWidth + 1)
      })
      .map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`),
  )

/** Returns buttons and rows whose words are cut off. */
const cut = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('button.button, .dialog label > span, .dialog h3')]
      .filter((element) => element.checkVisibility() && element.scrollWidth > element.clientWidth + 1)
      .filter((element) => element.clientWidth > 1)
      .map((element) => element.textContent?.trim()),
  )

describe('another language', () => {
  const world = browser()

  for (const [language, size] of [
    ['de', { width: 900, height: 600 }],
    ['ar', { width: 900, height: 600 }],
    ['ar', { dark: true }],
  ]) {
    it(`fits everywhere: ${language}, ${JSON.stringify(size)}`, async () => {
      const { page, errors } = await world.open({ ...size, locale: language, chosen: { hints: 0 } })
      await harbour(page)
      const name = `${language}-${size.dark ? 'dark' : 'small'}`
      assert.equal(await page.evaluate(() => document.documentElement.lang), language)
      const check = async (what) => {
        assert.deepEqual(await overflow(page), [], `nothing sticks out: ${what}`)
        assert.deepEqual(await cut(page), [], `no words are cut off: ${what}`)
        assert.deepEqual(await violations(page), [], what)
        await picture(page, `${name}-${what}`)
      }
      await check('window')
      await page.keyboard.press('Control+Shift+o')
      await page.locator('.panel').waitFor()
      await check('panel')
      await page.locator('[role=tab]').nth(1).click()
      await check('information')
      await page.keyboard.press('Control+Shift+o')
      await page.keyboard.press('Control+,')
      await page.getByRole('dialog').waitFor()
      await check('settings')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.keyboard.press('Control+k')
      await page.locator('[role=option]').first().waitFor()
      await check('palette')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.locator('[role=treeitem]').first().focus()
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
      await check('shortcuts')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.locator('.share button').first().click()
      await page.getByRole('dialog').waitFor()
      await check('join')
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await tomasJoins(page)
      await page.locator('.company button').click()
      await page.getByRole('dialog').waitFor()
      await check('members')
      assert.deepEqual(errors, [])
      await page.close()
    })
  }

  it('from right to left turns the window: sides, tree, block handle, dialogs', async () => {
    const { page, errors } = await world.open({ locale: 'ar' })
    await harbour(page)
    await page.keyboard.press('Control+Shift+o')
    const [side, main, panel] = [
      await box(page.locator('.side')),
      await box(page.locator('main')),
      await box(page.locator('.panel')),
    ]
    assert.ok(panel.x < main.x && main.x < side.x, 'the list is where reading begins')
    const [welcome] = await page.locator('[role=treeitem]').all()
    const name = await box(welcome.locator('.name'))
    assert.ok(name.x + name.width > side.x + side.width - 60, 'its rows begin there, too')

    await page.locator('[role=treeitem]', { hasText: 'Expedition' }).focus()
    await page.keyboard.press('ArrowLeft')
    await page.locator('[role=treeitem]', { hasText: 'Ferry timetable' }).waitFor()
    const ferry = await box(page.locator('[role=treeitem]', { hasText: 'Ferry timetable' }).locator('.name'))
    assert.ok(
      ferry.x + ferry.width < name.x + name.width,
      'what is inside is further in, and the arrow that points there leads there',
    )

    const turned = await page.evaluate(() =>
      ['.top .lucide-panel-left', '.twist svg'].map(
        (of) => getComputedStyle(document.querySelector(of)).scale,
      ),
    )
    assert.deepEqual(turned, ['-1 1', '-1 1'], 'what points along the line points the other way')

    await page.keyboard.press('Control+,')
    const dialog = await box(page.getByRole('dialog'))
    assert.ok(Math.abs(dialog.x + dialog.width / 2 - 640) < 2, 'a dialog is in the middle')
    const [label, control] = [
      await box(page.getByRole('dialog').locator('.row > span').first()),
      await box(page.getByRole('dialog').getByRole('radiogroup').first()),
    ]
    assert.ok(control.x < label.x, 'what is chosen stands before how')
    await page.keyboard.press('Escape')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('leaves every text as it runs, in whatever language the window speaks', async () => {
    const { page, errors } = await world.open({ locale: 'ar' })
    assert.equal(await direction(page, '.ProseMirror'), 'ltr', 'an English text in an Arabic window')
    await put(page, [
      ['paragraph', {}, ['تغادر العبّارة الأولى في التاسعة.']],
      ['bulletList', {}, [['listItem', {}, [['paragraph', {}, ['Ropes and chains']]]]]],
      ['codeBlock', { language: null }, ['let ferry = 9']],
    ])
    await page.getByText('تغادر العبّارة').waitFor()
    const lines = await page.evaluate(() =>
      [...document.querySelectorAll('.ProseMirror > :is(p, .code, pre)')].map((line) => {
        const range = document.createRange()
        range.selectNodeContents(line.querySelector('code') ?? line)
        const [text, column] = [range.getBoundingClientRect(), line.parentElement.getBoundingClientRect()]
        return text.left - column.left > column.right - text.right ? 'right' : 'left'
      }),
    )
    assert.deepEqual(lines, ['left', 'right', 'left'], 'each line begins where it is read from')
    await picture(page, 'ar-mixed')

    await page.keyboard.press('Control+n')
    await page.waitForFunction(() => document.activeElement?.matches('.title textarea'))
    assert.equal(await direction(page, '.ProseMirror'), 'rtl', 'an empty one runs as the window does')
    await page.keyboard.type('قائمة الحبال')
    await page.keyboard.press('Enter')
    await page.keyboard.type('- حبل')
    assert.equal(await direction(page, '.ProseMirror'), 'rtl')
    const item = page.locator('.ProseMirror li')
    const words = await box(item)
    await page.mouse.move(words.x + words.width / 2, words.y + 8)
    const handle = await box(page.locator('.around > .at button').first())
    assert.ok(handle.x >= words.x + words.width, 'the handle stands where the line begins')
    await picture(page, 'ar-list')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('that lacks a sentence says it in English, and a language that nobody speaks here is English', async () => {
    const { page, errors } = await world.open({ locale: 'fi' })
    await page.getByRole('button', { name: 'New document' }).waitFor()
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'en')
    assert.deepEqual(errors, [])
    await page.close()
  })
})
