/** The tree: Imke puts her documents in order, by mouse and by keyboard, and nothing that she does costs a word. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, harbour, reached, row, tomasJoins, violations } from './window.mjs'

const TREE = '[role=tree][aria-label=Documents]'

/** Returns the tree as it is drawn: a title each, with its level in front. */
const seen = (page) =>
  page.locator(`${TREE} [role=treeitem]`).evaluateAll((items) =>
    items
      .map((item) => ({
        top: item.getBoundingClientRect().top,
        says: `${'. '.repeat(Number(item.ariaLevel) - 1)}${item.ariaLabel}`,
      }))
      .sort((a, b) => a.top - b.top)
      .map(({ says }) => says),
  )

/** Waits until the tree is this. */
async function until(page, ...lines) {
  let last
  for (let look = 0; look < 100; look += 1) {
    last = await seen(page)
    if (JSON.stringify(last) === JSON.stringify(lines)) return
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)))
  }
  assert.deepEqual(last, lines)
}

const HARBOUR = ['Welcome to Sheaf', 'Expedition', 'Handbook', 'Minutes, week 46']
const OPEN = [
  ...['Welcome to Sheaf', 'Expedition', '. Ferry timetable', '. Crew and cabins', '. Suppliers'],
  ...['Handbook', 'Minutes, week 46'],
]

const expand = (page, title) =>
  row(page, title).getByRole('button', { name: 'Show what is inside', includeHidden: true }).click()

/** Presses a row, takes it to a part of another one (0 is its upper edge, 1 its lower), `aside` pixels sideways, and lets go. */
async function drag(page, title, onto, part, { aside = 0, drop = true } = {}) {
  const [from, to] = [await row(page, title).boundingBox(), await row(page, onto).boundingBox()]
  await page.mouse.move(from.x + 90, from.y + 14)
  await page.mouse.down()
  await page.mouse.move(from.x + 90 + aside, from.y + 24, { steps: 3 })
  await page.mouse.move(from.x + 90 + aside, to.y + to.height * part, { steps: 6 })
  if (drop) await page.mouse.up()
}

describe('the tree', () => {
  const world = browser()

  it('is walked through by keyboard, opened and closed, and found by letters', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    await until(page, ...HARBOUR)
    await row(page, 'Welcome to Sheaf').focus()
    await page.keyboard.press('ArrowDown')
    await reached(page, 'Expedition')
    await page.keyboard.press('ArrowRight')
    await until(page, ...OPEN)
    await page.keyboard.press('ArrowRight')
    await reached(page, 'Ferry timetable')
    await page.keyboard.press('End')
    await reached(page, 'Minutes, week 46')
    await page.keyboard.type('cr')
    await reached(page, 'Crew and cabins')
    await page.keyboard.press('ArrowLeft')
    await reached(page, 'Expedition')
    await page.keyboard.press('ArrowLeft')
    await until(page, ...HARBOUR)
    assert.equal(await page.locator(`${TREE} [tabindex="0"]`).count(), 1, 'it is one stop of the Tab key')
    await page.keyboard.press('Enter')
    await page.waitForFunction(
      () => document.querySelector('[aria-current=page]')?.getAttribute('aria-label') === 'Expedition',
    )
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is put in order by keyboard, and the row keeps the keyboard', async () => {
    const { page } = await world.open()
    await harbour(page)
    await row(page, 'Minutes, week 46').focus()
    await page.keyboard.press('Alt+ArrowUp')
    await until(page, 'Welcome to Sheaf', 'Expedition', 'Minutes, week 46', 'Handbook')
    await reached(page, 'Minutes, week 46')
    await page.keyboard.press('Alt+ArrowRight')
    await until(page, ...OPEN.slice(0, 5), '. Minutes, week 46', 'Handbook')
    await reached(page, 'Minutes, week 46')
    await page.keyboard.press('Alt+ArrowUp')
    await until(page, ...OPEN.slice(0, 4), '. Minutes, week 46', '. Suppliers', 'Handbook')
    await page.keyboard.press('Alt+ArrowLeft')
    await until(page, ...OPEN.slice(0, 5), 'Minutes, week 46', 'Handbook')
    await page.keyboard.press('Alt+ArrowDown')
    await until(page, ...OPEN)
    await reached(page, 'Minutes, week 46')
    await page.close()
  })

  it('is put in order by mouse: between rows, into one, out of it by going sideways', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    await expand(page, 'Expedition')
    await until(page, ...OPEN)
    await drag(page, 'Minutes, week 46', 'Ferry timetable', 0.95)
    await until(page, ...OPEN.slice(0, 3), '. Minutes, week 46', ...OPEN.slice(3, 6))
    await drag(page, 'Minutes, week 46', 'Minutes, week 46', 0.5, { aside: -30 })
    await until(page, ...OPEN.slice(0, 3), '. Minutes, week 46', ...OPEN.slice(3, 6))
    await drag(page, 'Minutes, week 46', 'Suppliers', 0.95, { aside: -30 })
    await until(page, ...OPEN.slice(0, 5), 'Minutes, week 46', 'Handbook')
    await drag(page, 'Minutes, week 46', 'Handbook', 0.5)
    await until(page, ...OPEN.slice(0, 6), '. Knots', '. Minutes, week 46')
    await drag(page, 'Handbook', 'Knots', 0.5, { drop: false })
    await page.keyboard.press('Escape')
    await page.mouse.up()
    await until(page, ...OPEN.slice(0, 6), '. Knots', '. Minutes, week 46')
    const current = await page.locator('[aria-current=page]').getAttribute('aria-label')
    assert.equal(current, 'Welcome to Sheaf', 'no drag opened anything')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('opens a closed row for whoever stays over it with a document in hand', async () => {
    const { page } = await world.open()
    await harbour(page)
    await drag(page, 'Minutes, week 46', 'Handbook', 0.5, { drop: false })
    await row(page, 'Knots').waitFor()
    const knots = await row(page, 'Knots').boundingBox()
    await page.mouse.move(knots.x + 90, knots.y + 2)
    await page.mouse.up()
    await until(page, ...HARBOUR.slice(0, 3), '. Minutes, week 46', '. Knots')
    await page.close()
  })

  it('has titles that are changed in place, and follow the open document both ways', async () => {
    const { page } = await world.open()
    await harbour(page)
    await row(page, 'Welcome to Sheaf').focus()
    await page.keyboard.press('F2')
    const field = page.getByRole('treeitem').getByRole('textbox')
    await field.fill('Harbour office')
    await page.keyboard.press('Enter')
    await reached(page, 'Harbour office')
    await page.waitForFunction(() => document.querySelector('.title textarea').value === 'Harbour office')
    await row(page, 'Handbook').dblclick()
    await field.fill('Something else')
    await page.keyboard.press('Escape')
    await reached(page, 'Handbook')
    await page.getByLabel('Title').fill('Handbook for winter')
    await row(page, 'Handbook for winter').waitFor()
    await page.getByRole('navigation', { name: 'Where' }).getByText('Handbook for winter').waitFor()
    await page.close()
  })

  it('takes a new document beside the open one, or inside another, with the caret in its title', async () => {
    const { page } = await world.open()
    await harbour(page)
    await expand(page, 'Expedition')
    await row(page, 'Ferry timetable').click()
    await page.waitForFunction(() => document.querySelector('.title textarea')?.value === 'Ferry timetable')
    await page.keyboard.press('Control+n')
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('Winter ferry')
    await until(page, ...OPEN.slice(0, 3), '. Winter ferry', ...OPEN.slice(3))
    await row(page, 'Handbook').hover()
    await row(page, 'Handbook').getByRole('button', { name: 'Add a document inside' }).click()
    await page.waitForFunction(() => document.querySelector('.title textarea')?.value === '')
    await page.keyboard.type('Signals')
    await row(page, 'Signals').waitFor()
    assert.deepEqual((await seen(page)).slice(-3), ['. Knots', '. Signals', 'Minutes, week 46'])
    await page.close()
  })

  it('lets something go into the trash and come back, by keyboard alone', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await harbour(page)
    await row(page, 'Expedition').focus()
    await page.keyboard.press('Delete')
    await until(page, 'Welcome to Sheaf', 'Handbook', 'Minutes, week 46')
    await reached(page, 'Handbook')
    await page.getByText('“Expedition” moved to the trash').waitFor()
    assert.deepEqual(await violations(page), [])
    await page.keyboard.press('Control+z')
    await until(page, ...HARBOUR)
    await row(page, 'Welcome to Sheaf').focus()
    await page.keyboard.press('Delete')
    await page.getByText('This document is in the trash.').waitFor()
    assert.deepEqual(await violations(page), [])
    await page.getByRole('button', { name: 'Trash' }).click()
    const trash = page.getByRole('dialog', { name: 'Trash' })
    await trash.getByRole('button', { name: 'Restore “Welcome to Sheaf”' }).waitFor()
    assert.deepEqual(await violations(page), [])
    await page.keyboard.press('Escape')
    await page.getByRole('main').getByRole('button', { name: 'Restore' }).click()
    await until(page, ...HARBOUR)
    await page.getByText('This document is in the trash.').waitFor({ state: 'detached' })
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('says in what lies below it that it is in the trash, where Tomás put it', async () => {
    const { page } = await world.open()
    await harbour(page)
    await tomasJoins(page)
    await expand(page, 'Expedition')
    await row(page, 'Ferry timetable').click()
    await page.evaluate(() => window.tomas.trash('expedition', true))
    await page.getByText('This document is in the trash, inside “Expedition”.').waitFor()
    await page.locator('.ProseMirror').click()
    await page.keyboard.type('Still writing.')
    await page.getByText('Still writing.').waitFor()
    await page.getByRole('button', { name: 'Restore “Expedition”' }).click()
    await until(page, ...OPEN)
    await page.close()
  })

  it('offers in a menu all that keys and mouse do, and icons', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    await row(page, 'Handbook').focus()
    await page.keyboard.press('Shift+F10')
    const menu = page.getByRole('menu')
    await menu.getByRole('menuitem', { name: 'Add to favourites' }).waitFor()
    assert.deepEqual(await violations(page), [])
    await menu.getByRole('menuitem', { name: 'Add to favourites' }).click()
    await page.getByRole('tree', { name: 'Favourites' }).getByRole('treeitem', { name: 'Handbook' }).waitFor()
    await reached(page, 'Handbook')
    await row(page, 'Handbook').click({ button: 'right' })
    await menu.getByRole('menuitem', { name: 'Move up' }).click()
    await until(page, 'Welcome to Sheaf', 'Handbook', 'Expedition', 'Minutes, week 46')
    await row(page, 'Handbook').click({ button: 'right' })
    await menu.getByRole('menuitem', { name: 'Change icon' }).click()
    const icons = page.getByRole('dialog', { name: 'Icon' })
    await icons.getByRole('button', { name: '🚢' }).waitFor()
    assert.deepEqual(await violations(page), [])
    await icons.getByLabel('Or type one').fill('🪢 knots')
    await page.keyboard.press('Enter')
    await row(page, 'Handbook').getByText('🪢').waitFor()
    await row(page, 'Handbook').click({ button: 'right' })
    await menu.getByRole('menuitem', { name: 'Rename' }).click()
    await page.waitForFunction(() => document.activeElement?.tagName === 'INPUT')
    await page.keyboard.type('Knots and bends')
    await page.keyboard.press('Enter')
    await row(page, 'Knots and bends').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('leads back to what was opened last', async () => {
    const { page } = await world.open()
    await harbour(page)
    await page.evaluate(() => {
      const backend = window.sheafBackend
      const remember = backend.remember.bind(backend)
      backend.remember = async (place) => {
        await remember(place)
        window.wasIn = place.document
      }
    })
    for (const title of ['Handbook', 'Minutes, week 46']) {
      await row(page, title).click()
      const id = title.split(',')[0].toLowerCase()
      await page.waitForFunction((id) => window.wasIn === id, id)
    }
    await page.getByRole('button', { name: 'Recent' }).click()
    const handbook = page.getByRole('menu').getByRole('menuitem', { name: 'Handbook' })
    await handbook.waitFor()
    assert.deepEqual(await violations(page), [])
    await handbook.click()
    await page.waitForFunction(() => document.querySelector('.title textarea')?.value === 'Handbook')
    await page.close()
  })

  it('keeps what lost its place, and teaches how it gets one', async () => {
    const { page } = await world.open()
    await harbour(page)
    await page.evaluate(() => {
      const { team } = window.sheafBackend
      team.places.put('expedition', 'ferry', 'last') // a circle, as a backup may bring back
      team.changed('expedition', 'ferry')
    })
    await page.getByText('These have no place in the tree').waitFor()
    const recovered = page.getByRole('tree', { name: 'Recovered' })
    assert.equal(await recovered.getByRole('treeitem').count(), 5)
    assert.deepEqual(await violations(page), [])
    const from = await recovered.getByRole('treeitem', { name: 'Expedition' }).boundingBox()
    const to = await row(page, 'Handbook').boundingBox()
    await page.mouse.move(from.x + 90, from.y + 14)
    await page.mouse.down()
    await page.mouse.move(to.x + 90, to.y + 2, { steps: 8 })
    await page.mouse.up()
    await until(page, ...HARBOUR)
    await recovered.waitFor({ state: 'detached' })
    await page.close()
  })

  it('tells a refused move in plain words, with two ways out', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600, dark: true })
    await harbour(page)
    await page.evaluate(() => window.sheafBackend.refuseMove('expedition', 'ferry', 'cycle'))
    const notice = page.getByRole('alert')
    await notice
      .getByText(
        '“Ferry timetable” is inside “Expedition”, so “Expedition” cannot go inside “Ferry timetable”.',
      )
      .waitFor()
    assert.deepEqual(await violations(page), [])
    await page.evaluate(() => window.sheafBackend.move('ferry', null, 'last'))
    await notice.getByRole('button', { name: 'Try again' }).click()
    await notice.waitFor({ state: 'detached' })
    await until(page, 'Welcome to Sheaf', 'Handbook', 'Minutes, week 46', 'Ferry timetable')
    await page.evaluate(() => window.sheafBackend.refuseMove('handbook', null, 'workspace_full'))
    await notice.getByText('“Handbook” has no place').waitFor()
    await notice.getByRole('button', { name: 'Discard' }).click()
    await notice.waitFor({ state: 'detached' })
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('shows the way to the open document, and leads up it', async () => {
    const { page } = await world.open()
    await harbour(page)
    await expand(page, 'Expedition')
    await expand(page, 'Suppliers')
    await row(page, 'Ropes and chains').click()
    const way = page.getByRole('navigation', { name: 'Where this document is' })
    await way.getByText('Ropes and chains').waitFor()
    assert.equal(await way.getByRole('listitem').count(), 3)
    await way.getByRole('button', { name: 'Expedition' }).click()
    await page.waitForFunction(() => document.querySelector('.title textarea')?.value === 'Expedition')
    assert.equal(await way.getByRole('listitem').count(), 1)
    await page.close()
  })
})
