/** Sheaf for everyone: without a mouse, twice as large, with more contrast, in the system's own colours, without motion. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, harbour, picture, put, row, tomasJoins, violations } from './window.mjs'

/** Presses a key until something has the keyboard. */
async function press(page, key, until, most = 40) {
  for (let pressed = 0; pressed < most; pressed += 1) {
    if (await page.evaluate((until) => document.activeElement?.matches(until) ?? false, until)) return
    await page.keyboard.press(key)
  }
  assert.fail(`${key} never leads to ${until}`)
}

const isOpen = (page, title) =>
  page.waitForFunction((title) => document.querySelector('.title textarea')?.value === title, title)
const gone = (page) => page.getByRole('dialog').waitFor({ state: 'detached' })

/** A text with something of everything. */
const EVERYTHING = [
  ['heading', { level: 1 }, ['Departure']],
  [
    'paragraph',
    {},
    ['The ', { text: 'first ferry', marks: { bold: {}, highlight: { color: null } } }, ' leaves at nine.'],
  ],
  [
    'taskList',
    {},
    [
      ['taskItem', { checked: true }, [['paragraph', {}, ['Ropes']]]],
      ['taskItem', { checked: false }, [['paragraph', {}, ['Chains']]]],
    ],
  ],
  ['callout', { kind: 'warning' }, [['paragraph', {}, ['The crane is brittle.']]]],
  ['blockquote', {}, [['paragraph', {}, ['Whatever the weather says.']]]],
  ['codeBlock', { language: 'rust' }, ['let ferry = 9; // o’clock']],
]

describe('everyone', () => {
  const world = browser()

  it('does a whole job without a mouse', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    // Imke writes the minutes: a document, a title, a text with structure.
    await page.keyboard.press('Control+n')
    await page.waitForFunction(() => document.activeElement?.matches('.title textarea'))
    await page.keyboard.type('Minutes, week 47')
    await page.keyboard.press('Enter')
    await page.keyboard.type('## Decisions')
    await page.keyboard.press('Enter')
    await page.keyboard.type('The crane gets a ')
    await page.keyboard.press('Control+b')
    await page.keyboard.type('new rope')
    await page.keyboard.press('Control+b')
    await page.keyboard.type('.')
    await page.keyboard.press('Enter')
    await page.keyboard.type('/table')
    await page.getByRole('option', { name: 'Table', exact: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.locator('.ProseMirror table').waitFor()
    await page.keyboard.type('Rope')
    await page.keyboard.press('Tab')
    await page.keyboard.type('40 m')
    await page.locator('.ProseMirror td, .ProseMirror th', { hasText: '40 m' }).waitFor()

    // She goes to the list, gives the document its place and a star, and puts another one away and takes it back.
    await press(page, 'Shift+Tab', '[role=treeitem]', 60)
    await page.keyboard.press('End')
    await page.keyboard.type('minutes, week 47')
    await page.waitForFunction(() => document.activeElement?.textContent?.includes('week 47'))
    await page.keyboard.press('Alt+ArrowRight')
    await page.waitForFunction(() => document.activeElement?.getAttribute('aria-level') === '2')
    await page.keyboard.press('Shift+F10')
    await page.getByRole('menuitem', { name: 'Add to favourites' }).waitFor()
    await page.keyboard.type('Add to fav')
    await page.keyboard.press('Enter')
    await page.getByRole('tree', { name: 'Favourites' }).waitFor()
    await press(page, 'Shift+Tab', '[role=treeitem]', 60)
    await row(page, 'Handbook').waitFor()

    // She finds something, looks at what it is made of, and goes there.
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await page.keyboard.type('week 47')
    await page.waitForFunction(() =>
      document.querySelector('[role=option][data-selected]')?.textContent?.includes('week 47'),
    )
    await page.keyboard.press('Enter')
    await isOpen(page, 'Minutes, week 47')
    await page.waitForFunction(() => document.activeElement?.closest('.ProseMirror'))
    await page.keyboard.press('Control+Shift+o')
    await page.locator('.panel').getByRole('button', { name: 'Decisions' }).waitFor()
    await press(page, 'Shift+Tab', '[role=tab]', 60)
    await press(page, 'Tab', '.panel li button', 6)
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.activeElement?.closest('.ProseMirror'))
    await page.keyboard.press('Control+Shift+o')

    // She changes how Sheaf looks, and is back in her text.
    await page.keyboard.press('Control+,')
    await page.getByRole('dialog', { name: 'Settings' }).waitFor()
    await press(page, 'Tab', 'input[type=radio]', 6)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
    await page.keyboard.press('Escape')
    await gone(page)
    await page.waitForFunction(() => document.activeElement?.closest('.ProseMirror'))
    await picture(page, 'keyboard-job')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('sees where the keyboard is, wherever it goes', async () => {
    const { page } = await world.open()
    await harbour(page)
    await page.keyboard.press('Control+Shift+o')
    await page.locator('.panel').waitFor()
    const unseen = new Set()
    for (let pressed = 0; pressed < 30; pressed += 1) {
      await page.keyboard.press('Tab')
      const hidden = await page.evaluate(() => {
        const element = document.activeElement
        // In a text the caret says it.
        if (
          !element ||
          element === document.body ||
          element.matches('textarea, input, [contenteditable=true]')
        )
          return null
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
        const isSeen =
          (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1) || boxShadow !== 'none'
        return isSeen ? null : `${element.tagName} ${element.className} ${element.textContent?.trim()}`
      })
      if (hidden) unseen.add(hidden)
    }
    assert.deepEqual([...unseen], [])
    await page.close()
  })

  // A window of 1280 × 800 and one of 900 × 600, drawn twice as large.
  for (const [width, height] of [
    [640, 400],
    [450, 300],
  ]) {
    it(`has everything at 200 %: ${width} × ${height}`, async () => {
      const { page, errors } = await world.open()
      await harbour(page)
      await page.setViewportSize({ width, height })
      const name = `zoom-${width}`
      const whole = async (what) => {
        const wide = await page.evaluate(() => document.scrollingElement.scrollWidth)
        assert.ok(wide <= width, `nothing is to be scrolled sideways: ${what}, ${wide}`)
        assert.deepEqual(await violations(page), [], what)
        await picture(page, `${name}-${what}`)
      }
      const text = await page.locator('.ProseMirror').boundingBox()
      assert.ok(text.width >= Math.min(320, width - 64), `there is room to write: ${text.width}`)
      await whole('window')
      if (width < 600) {
        await page.getByRole('button', { name: 'Show or hide the list of documents' }).click()
        await whole('list')
        await row(page, 'Handbook').click()
        await isOpen(page, 'Handbook')
        assert.equal(await row(page, 'Handbook').count(), 0, 'the list goes when it has done its work')
      }
      await page.keyboard.press('Control+Shift+o')
      await page.locator('.panel').waitFor()
      await whole('panel')
      await page.keyboard.press('Control+Shift+o')
      await page.keyboard.press('Control+,')
      await page.getByRole('dialog').waitFor()
      await whole('settings')
      await page.getByRole('button', { name: 'Join a team' }).last().scrollIntoViewIfNeeded()
      await page.getByRole('dialog').getByRole('button', { name: 'Join a team' }).click()
      await page.getByRole('dialog', { name: 'Join a team' }).waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).scrollIntoViewIfNeeded()
      await whole('join')
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
      await gone(page)
      await page.keyboard.press('Control+k')
      await page.getByRole('dialog').getByRole('option').first().waitFor()
      await whole('palette')
      assert.deepEqual(errors, [])
      await page.close()
    })
  }

  for (const dark of [false, true]) {
    const shade = dark ? 'dark' : 'light'
    it(`has more contrast where the system asks for it: ${shade}`, async () => {
      const { page, errors } = await world.open({ dark, contrast: 'more' })
      await harbour(page)
      await put(page, EVERYTHING)
      await page.getByText('The crane is brittle.').waitFor()
      await page.keyboard.press('Control+Shift+o')
      await page.locator('.panel').waitFor()
      const contrast = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body)
        return [backgroundColor, color]
      })
      const [black, white] = ['rgb(0, 0, 0)', 'rgb(255, 255, 255)']
      assert.deepEqual(contrast, dark ? [black, white] : [white, black])
      assert.deepEqual(await violations(page), [])
      await picture(page, `contrast-${shade}`)
      await page.keyboard.press('Control+,')
      await page.getByRole('dialog').waitFor()
      assert.deepEqual(await violations(page), [])
      await picture(page, `contrast-${shade}-settings`)
      assert.deepEqual(errors, [])
      await page.close()
    })
  }

  it('tells everything by more than a colour where the system has its own', async () => {
    const { page, errors } = await world.open({ forcedColors: 'active' })
    await harbour(page)
    await put(page, EVERYTHING)
    await page.getByText('The crane is brittle.').waitFor()
    const current = row(page, 'Welcome to Sheaf')
    const told = await current.evaluate((element) => getComputedStyle(element).outlineStyle)
    assert.notEqual(told, 'none', 'the open document has a line around it')
    await picture(page, 'forced-window')
    await page.keyboard.press('Control+,')
    await page.getByRole('dialog').waitFor()
    await picture(page, 'forced-settings')
    await page.keyboard.press('Escape')
    await gone(page)
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog').getByRole('option').first().waitFor()
    await picture(page, 'forced-palette')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is not made to watch anything move who does not want to', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    const moving = await page.evaluate(() =>
      [...document.querySelectorAll('body *')]
        .filter((element) => {
          const { transitionDuration, animationName } = getComputedStyle(element)
          const lasts = transitionDuration.split(',').some((time) => Number.parseFloat(time) > 0)
          return lasts || (animationName !== 'none' && animationName !== 'fade-name')
        })
        .map(({ tagName, className }) => `${tagName} ${className}`),
    )
    assert.deepEqual(moving, [])
    await page.close()
  })
})
