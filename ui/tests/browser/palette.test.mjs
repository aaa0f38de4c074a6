/** The palette and the sheet of shortcuts: Imke finds what she wrote, and what she can do, without her mouse. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asImke, browser, harbour, picture, row, tomasJoins, toTheEnd, violations } from './window.mjs'

const palette = (page) => page.getByRole('dialog', { name: 'Search and commands' })
const found = (page) => palette(page).getByRole('option')
const chosen = (page) => palette(page).locator('[role=option][data-selected]')

/** Opens the palette and types into it. */
async function search(page, words) {
  await page.keyboard.press('Control+k')
  await palette(page).getByRole('combobox').waitFor()
  if (words) await page.keyboard.type(words)
}

/** Waits until something is chosen in the list. */
const isChosen = (page, text) =>
  page.waitForFunction(
    (text) => document.querySelector('.palette [role=option][data-selected]')?.textContent?.includes(text),
    text,
  )

/** Waits until a document with this title is open. */
const isOpen = (page, title) =>
  page.waitForFunction(
    (title) => document.querySelector('[aria-current=page]')?.getAttribute('aria-label') === title,
    title,
  )

/** Waits until it is written down that this document was open. */
const wasOpen = (page, title) =>
  page.evaluate(async (title) => {
    while (!(await window.sheafBackend.recent()).some((row) => row.title === title))
      await new Promise((resolve) => requestAnimationFrame(resolve))
  }, title)

/** Gives the harbour's documents words. */
async function words(page) {
  await harbour(page)
  await page.evaluate(async () => {
    const here = window.sheafBackend
    await here.write(
      'ferry',
      'The first ferry leaves at nine, whatever the weather on the harbour side says.',
    )
    await here.write(
      'minutes',
      'Tomás orders a new rope for the crane; the old one is brittle. The ferry was late again.',
    )
    await here.write('knots', 'A bowline holds the ferry, a reef knot holds nothing.')
  })
}

describe('the palette', () => {
  const world = browser()

  it('finds documents by title and by their words, and opens them by keyboard', async () => {
    const { page, errors } = await world.open()
    await words(page)
    await toTheEnd(page)
    await search(page, 'ferry')
    await isChosen(page, 'Ferry timetable')
    const options = await found(page).allInnerTexts()
    assert.ok(options[0].includes('Expedition'), 'it says where it stands')
    assert.ok(
      options.some((text) => text.includes('A bowline holds the ferry')),
      'and what the text says',
    )
    assert.equal(await palette(page).locator('mark', { hasText: /ferry/iu }).count(), 3, 'where the word is')
    await picture(page, 'palette-light')
    await page.keyboard.press('ArrowDown')
    await isChosen(page, 'Knots')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() => document.querySelector('.title textarea')?.value === 'Ferry timetable')
    assert.equal(await palette(page).count(), 0)
    await page.waitForFunction(() => document.activeElement?.closest('.ProseMirror'))
    assert.deepEqual(errors, [], 'the keyboard is in the text')
  })

  it('goes away with Escape, and the caret is where it was', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.type(' One')
    await search(page, 'nothing of the kind')
    await palette(page).getByText('Nothing found for “nothing of the kind”').waitFor()
    await picture(page, 'palette-nothing')
    await page.keyboard.press('Escape')
    await palette(page).waitFor({ state: 'detached' })
    await page.keyboard.type(' two')
    await page.getByText('One two').waitFor()
    assert.deepEqual(errors, [])
  })

  it('shows what was open last, and what can be done with which keys', async () => {
    const { page, errors } = await world.open()
    await words(page)
    await row(page, 'Handbook').click()
    await isOpen(page, 'Handbook')
    await wasOpen(page, 'Handbook')
    await row(page, 'Minutes, week 46').click()
    await isOpen(page, 'Minutes, week 46')
    await page.getByRole('button', { name: 'Search', exact: true }).click()
    await isChosen(page, 'Handbook')
    const options = await found(page).allInnerTexts()
    assert.ok(!options.some((text) => text.startsWith('Minutes')), 'nobody goes to where they are')
    assert.ok(
      options.some((text) => /New document\s*Ctrl\s*N/u.test(text)),
      `with its keys: ${options}`,
    )
    await picture(page, 'palette-recent')
    await page.keyboard.type('nd')
    await isChosen(page, 'New document')
    await page.keyboard.press('Enter')
    await page.waitForFunction(() =>
      document.activeElement?.closest('h1, .title, [contenteditable], textarea, input'),
    )
    await row(page, 'Untitled').waitFor()
    assert.deepEqual(errors, [], 'it was made')
  })

  it('finds people, and what they wrote', async () => {
    const { page, errors } = await world.open()
    await words(page)
    await tomasJoins(page)
    await search(page, 'tomas')
    await palette(page).getByRole('option', { name: /Tomás/u }).first().waitFor()
    await picture(page, 'palette-people')
    await palette(page)
      .getByRole('option', { name: /Show what they wrote/u })
      .click()
    assert.equal(await palette(page).getByRole('combobox').inputValue(), 'by:"Tomás" ')
    assert.deepEqual(errors, [])
  })

  it('says how much is still to be read, and asks again', async () => {
    const { page } = await world.open()
    await page.evaluate(() => {
      window.sheafBackend.left = 412
    })
    await search(page, 'absent')
    await palette(page).getByText('412 documents are still being read').waitFor()
    await page.evaluate(() => {
      window.sheafBackend.left = 0
    })
    await palette(page).getByText('412 documents').waitFor({ state: 'detached' })
    const searches = await page.evaluate(() =>
      window.sheafBackend.searches.filter((text) => text === 'absent'),
    )
    assert.ok(searches.length >= 2, 'nobody has to type it again')
  })

  it('is for everyone: roles, names, contrast, light and dark, and small windows', async () => {
    for (const look of [{}, { dark: true }, { width: 900, height: 600 }]) {
      const { page, errors } = await world.open(look)
      await words(page)
      await search(page, 'ferry')
      await isChosen(page, 'Ferry timetable')
      const input = palette(page).getByRole('combobox')
      assert.equal(await input.getAttribute('aria-expanded'), 'true')
      assert.equal(
        await input.getAttribute('aria-activedescendant'),
        await chosen(page).getAttribute('id'),
        'a screen reader follows what is chosen',
      )
      assert.deepEqual(await violations(page), [])
      await picture(page, `palette-${look.dark ? 'dark' : look.width ? 'small' : 'wide'}`)
      const box = await palette(page).boundingBox()
      assert.ok(box.y + box.height <= (look.height ?? 800), 'all of it is in the window')
      assert.deepEqual(errors, [])
    }
  })
})

describe('the sheet of shortcuts', () => {
  const world = browser()
  const sheet = (page) => page.getByRole('dialog', { name: 'Keyboard shortcuts' })

  it('is shown for a question mark, but not to whoever types one', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.type(' Really?')
    await page.getByText('Really?').waitFor()
    assert.equal(await sheet(page).count(), 0, 'it is text')
    await row(page, 'Welcome to Sheaf').focus()
    await page.keyboard.press('?')
    await sheet(page).waitFor()
    await sheet(page).getByText('Search and commands').waitFor()
    assert.deepEqual(await violations(page), [])
    await picture(page, 'sheet-light')
    await page.keyboard.press('Escape')
    await sheet(page).waitFor({ state: 'detached' })
    await search(page, 'keyboard')
    await isChosen(page, 'Keyboard shortcuts')
    await page.keyboard.press('Enter')
    await sheet(page).waitFor()
    assert.deepEqual(errors, [], 'it is in the palette, too')
  })

  it('is legible in the dark and in small windows', async () => {
    for (const look of [{ dark: true }, { width: 900, height: 600 }]) {
      const { page } = await world.open(look)
      await row(page, 'Welcome to Sheaf').focus()
      await page.keyboard.press('?')
      await sheet(page).waitFor()
      assert.deepEqual(await violations(page), [])
      await picture(page, `sheet-${look.dark ? 'dark' : 'small'}`)
    }
  })

  it('does nothing behind a dialog', async () => {
    const { page } = await world.open()
    await page.getByRole('button', { name: 'Join a team' }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Control+k')
    assert.equal(await palette(page).count(), 0)
    await asImke(page, 'https://relay.example.org/join#1')
  })
})
