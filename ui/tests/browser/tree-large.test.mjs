/** A tree of ten thousand documents feels like one of ten. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { asImke, browser, harbour, reached, row, rows, violations } from './window.mjs'

describe('ten thousand documents', () => {
  const ALL = 10_000
  const world = browser()

  /** Returns how many elements the sidebar has. */
  const elements = (page) => page.locator('aside *').count()

  it('in one level are as light as ten, however far somebody goes', async () => {
    const { page, errors } = await world.open()
    await harbour(page)
    const few = await elements(page)
    await page.evaluate((all) => {
      const { team } = window.sheafBackend
      for (let at = 0; at < all; at += 1) team.shelve(`log-${at}`, `Log ${at}`)
      window.sheafBackend.reads = 0
      team.tell({ kind: 'places', documents: null })
    }, ALL)
    await row(page, 'Log 7').waitFor()
    await page.waitForFunction(
      (all) =>
        Number(document.querySelector('[role=tree]').style.blockSize.replace('px', '')) === (all + 4) * 28,
      ALL,
    )
    assert.ok((await page.evaluate(() => window.sheafBackend.reads)) < 20, 'they come in a few pages')
    assert.ok((await rows(page).count()) < 70, 'a screenful of rows is drawn')
    assert.ok((await elements(page)) < few + 1000)
    assert.deepEqual(await violations(page), [])
    await row(page, 'Welcome to Sheaf').focus()
    await page.keyboard.press('End')
    await reached(page, `Log ${ALL - 1}`)
    assert.ok((await rows(page).count()) < 70)
    assert.equal(await row(page, `Log ${ALL - 1}`).getAttribute('aria-posinset'), String(ALL + 4))
    await page.keyboard.press('Alt+ArrowUp')
    await page.waitForFunction(
      (all) =>
        document.querySelector(`[data-key="log-${all - 1}"]`)?.getAttribute('aria-posinset') ===
        String(all + 3),
      ALL,
    )
    await reached(page, `Log ${ALL - 1}`)
    await page.keyboard.type('log 77')
    await reached(page, 'Log 77')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('below each other are read where somebody looks', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(() => {
      const { team } = window.sheafBackend
      for (let year = 0; year < 100; year += 1) {
        team.shelve(`year-${year}`, `Year ${year}`)
        for (let at = 1; at < 100; at += 1)
          team.shelve(`log-${year}-${at}`, `Log ${year}/${at}`, `year-${year}`)
      }
      window.sheafBackend.remembered = {
        expanded: Array.from({ length: 100 }, (_, year) => `year-${year}`),
        scroll: 140_000,
      }
      window.sheafBackend.rememberTree = async () => {}
    })
    await page.getByRole('button', { name: 'Join a team' }).click()
    await page.evaluate(() => {
      window.sheafBackend.reads = 0
    })
    await asImke(page, 'https://relay.example.org/join#secret') // the window begins anew
    await row(page, 'Log 50/1').waitFor()
    assert.equal(
      await page.locator('[role=tree]').evaluate((tree) => tree.style.blockSize),
      `${28 * 10_001}px`,
    )
    assert.ok((await page.evaluate(() => window.sheafBackend.reads)) < 15, 'what nobody sees is not read')
    assert.ok((await rows(page).count()) < 70)
    assert.deepEqual(errors, [])
    await page.close()
  })
})
