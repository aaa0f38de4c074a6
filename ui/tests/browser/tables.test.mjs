/** Tables: made, walked through and changed by keys, and repaired by nobody who only looks at them. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, put, stored, tomasJoins, toTheEnd, violations } from './window.mjs'

const settled = (page) => page.waitForFunction(() => window.sheafBackend.inFlight === 0)
const shape = async (page) =>
  [...(await stored(page)).matchAll(/<tablerow>(.*?)<\/tablerow>/g)].map(([, row]) =>
    [...row.matchAll(/<table(?:cell|header)[^>]*><paragraph>(.*?)<\/paragraph>/g)].map(([, cell]) => cell),
  )

async function table(page) {
  await toTheEnd(page)
  await page.keyboard.press('Enter')
  await page.keyboard.type('/table')
  await page.getByRole('listbox', { name: 'Blocks' }).waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.ProseMirror table').waitFor()
}

describe('tables', () => {
  const world = browser()

  it('are filled with Tab, which makes a row at the end, and changed from their menu', async () => {
    const { page, errors } = await world.open()
    await table(page)
    for (const cell of [
      'From',
      'Departs',
      'Days',
      'North pier',
      '07:15',
      'daily',
      'South pier',
      '18:40',
      'Sat',
      'East',
    ]) {
      await page.keyboard.type(cell)
      if (cell !== 'East') await page.keyboard.press('Tab')
    }
    await settled(page)
    assert.deepEqual(await shape(page), [
      ['From', 'Departs', 'Days'],
      ['North pier', '07:15', 'daily'],
      ['South pier', '18:40', 'Sat'],
      ['East', '', ''],
    ])
    await picture(page, 'table')
    assert.deepEqual(await violations(page), [])
    const act = async (name) => {
      await page.getByRole('button', { name: 'This table' }).click()
      await page.getByRole('menuitem', { name, exact: true }).click()
      await page.getByRole('menu').waitFor({ state: 'detached' })
    }
    await act('Delete row')
    await page.keyboard.press('ArrowUp')
    await act('Column after')
    await act('Header row')
    await settled(page)
    assert.equal((await shape(page))[0].length, 4)
    assert.doesNotMatch(await stored(page), /tableheader/, 'the header row is one no more')
    await act('Delete table')
    await settled(page)
    assert.doesNotMatch(await stored(page), /<table/)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('keep the width that Imke gives a column', async () => {
    const { page, errors } = await world.open()
    await table(page)
    const cell = await page.locator('.ProseMirror th').first().boundingBox()
    await page.mouse.move(cell.x + cell.width - 1, cell.y + 10)
    await page.mouse.down()
    await page.mouse.move(cell.x + 120, cell.y + 10, { steps: 5 })
    await page.mouse.up()
    await settled(page)
    assert.match(await stored(page), /colwidth="1[12]\d"/)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('that do not fit together are not repaired by being opened, nor when Tomás changes them', async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    const cell = (words) => ['tableCell', { colspan: 1, rowspan: 1 }, [['paragraph', {}, [words]]]]
    await put(page, [
      [
        'table',
        {},
        [
          ['tableRow', {}, [cell('one'), cell('two')]],
          ['tableRow', {}, [cell('three')]],
        ],
      ],
      ['paragraph', {}, ['below']],
    ])
    await page.locator('.ProseMirror td').getByText('three').waitFor()
    const before = await stored(page)
    await page.locator('.ProseMirror').getByText('below').click()
    await page.evaluate(() => window.tomas.write('welcome', 'and Tomás'))
    await page.getByText('and Tomás').waitFor()
    await settled(page)
    assert.equal(
      (await stored(page)).replace('<paragraph>and Tomás</paragraph>', ''),
      before,
      'nothing was written',
    )
    await page.locator('.ProseMirror td').getByText('three').click()
    await page.keyboard.type('!')
    await settled(page)
    assert.equal((await shape(page))[1].length, 2, 'her own change may')
    assert.deepEqual(errors, [])
    await page.close()
  })
})
