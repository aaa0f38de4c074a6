/** A document of a thousand lines, of which the window draws a few: nobody notices, and nothing is written. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, row, stored, tomasJoins } from './window.mjs'

const LINES = 1000

/** Imke opens a document of a thousand lines. */
async function imkeOpensIt(page) {
  await page.evaluate((lines) => {
    const doc = window.sheafBackend.team.documents.get('welcome')
    const content = doc.getXmlFragment('default')
    const first = content.get(0)
    const [Block, Text] = [first.constructor, first.get(0).constructor]
    const blocks = Array.from({ length: lines }, (_, line) => {
      const block = new Block('paragraph')
      // Some are several lines high, so that no height is guessed right.
      block.insert(0, [new Text(`line ${line} of the log. ${'The wind turns. '.repeat((line % 7) * 3)}`)])
      return block
    })
    doc.transact(() => content.insert(1, blocks))
    window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
  }, LINES)
  await page.getByText('line 3 of the log').waitFor()
}

/** Waits until two frames are painted, so that what was drawn late is drawn. */
const painted = (page) =>
  page.evaluate(
    () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))),
  )

/** Returns the lines that can be seen in the window, and whether anything but lines can. */
const seen = (page) =>
  page.evaluate(() => {
    const { top, bottom } = document.querySelector('.scroll').getBoundingClientRect()
    const shown = [...document.querySelectorAll('.ProseMirror > *')].filter((block) => {
      const box = block.getBoundingClientRect()
      return box.height > 0 && box.bottom > top && box.top < bottom
    })
    return {
      lines: shown.map((block) => Number(/line (\d+) of/.exec(block.textContent)?.[1] ?? -1)),
      gaps: shown.filter((block) => block.classList.contains('gap')).length,
    }
  })

const scrollTo = async (page, part) => {
  await page.evaluate((part) => {
    const scroller = document.querySelector('.scroll')
    scroller.scrollTop = scroller.scrollHeight * part
  }, part)
  await painted(page)
}

const saved = (page) => page.waitForFunction(() => window.sheafBackend.inFlight === 0)

describe('a long document', () => {
  const world = browser()

  it('is drawn where Imke looks, and looking writes nothing', async () => {
    const { page, errors } = await world.open()
    await imkeOpensIt(page)
    for (const part of [0.5, 0.1, 0.9, 0.3, 1, 0]) {
      await scrollTo(page, part)
      await painted(page)
      const { lines, gaps } = await seen(page)
      assert.equal(gaps, 0, `everything in the window is drawn at ${part}`)
      const inOrder = lines.filter((line) => line >= 0)
      assert.deepEqual(
        inOrder,
        inOrder.map((_, at) => inOrder[0] + at),
        `line after line: ${lines}`,
      )
      const drawn = await page.evaluate(() => document.querySelectorAll('.ProseMirror > p').length)
      assert.ok(drawn < 250, `${drawn} of ${LINES} lines are drawn`)
    }
    assert.equal(await page.evaluate(() => window.sheafBackend.commits.length), 0, 'nothing was written')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is copied whole', async () => {
    const { page } = await world.open()
    await imkeOpensIt(page)
    await page.getByText('line 3 of the log').click()
    await page.evaluate(() => {
      addEventListener('copy', (event) => {
        window.copied = event.clipboardData.getData('text/plain')
      })
    })
    await page.keyboard.press('Control+a')
    await page.keyboard.press('Control+c')
    await page.waitForFunction(() => window.copied)
    const lines = await page.evaluate(() => window.copied.match(/line \d+ of the log/g))
    assert.deepEqual(
      lines,
      Array.from({ length: LINES }, (_, line) => `line ${line} of the log`),
      'every line is on the clipboard, in order',
    )
    await page.close()
  })

  it('is walked by keys, to its end and back page by page, and undo reaches what is far', async () => {
    const { page, errors } = await world.open()
    await imkeOpensIt(page)
    await page.getByText('line 7 of the log').click()
    await painted(page) // no person presses a key in the same frame
    await page.keyboard.press('Home')
    await painted(page)
    await page.keyboard.type('First, ')
    await page.keyboard.press('Control+End')
    await painted(page)
    await page.getByText(`line ${LINES - 1} of the log`).waitFor()
    await page.evaluate(() => new Promise((done) => setTimeout(done, 600))) // undo takes what was typed within half a second as one
    await page.keyboard.type('The end.')
    await saved(page)
    const text = await stored(page)
    assert.match(text, /First, line 7 of the log/, 'what was typed at the top is where it was typed')
    assert.match(text, /The end\.<\/paragraph>$/, 'and what was typed at the end is the last of all')
    let before = LINES
    for (let press = 0; press < 8; press += 1) {
      await page.keyboard.press('PageUp')
      await painted(page)
      const { lines, gaps } = await seen(page)
      assert.equal(gaps, 0, 'a page further up everything is drawn')
      assert.ok(lines[0] < before, `she is further up: ${lines[0]} after ${before}`)
      before = lines[0]
    }
    for (const press of ['Control+z', 'Control+z']) await page.keyboard.press(press)
    await saved(page)
    assert.doesNotMatch(await stored(page), /The end\./, 'both are taken back, near or far')
    assert.doesNotMatch(await stored(page), /First, /)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('stays where Imke reads while Tomás writes above and below', async () => {
    const { page, errors } = await world.open()
    await imkeOpensIt(page)
    await tomasJoins(page)
    await scrollTo(page, 0.5)
    // A person's own scrolling: what a script scrolled to, Chromium does not hold on to.
    await page.mouse.move(700, 400)
    await page.mouse.wheel(0, 40)
    await page.waitForTimeout(300)
    const middle = (await seen(page)).lines
    const line = middle[Math.floor(middle.length / 2)]
    const place = () =>
      page.evaluate((line) => {
        const block = [...document.querySelectorAll('.ProseMirror > p')].find((block) =>
          block.textContent.startsWith(`line ${line} of`),
        )
        return Math.round(block.getBoundingClientRect().top)
      }, line)
    const before = await place()
    await page.evaluate(async () => {
      for (let note = 0; note < 3; note += 1) await window.tomas.write('welcome', `note ${note} by Tomás`)
      const content = window.tomas.team.documents.get('welcome').getXmlFragment('default')
      const block = content.get(5).clone()
      const update = new Promise((done) => content.doc.once('update', done))
      content.insert(5, [block])
      window.sheafBackend.happen({ kind: 'update', document: 'welcome', update: await update })
    })
    await painted(page)
    assert.ok(
      Math.abs((await place()) - before) <= 2,
      `the line she reads did not move: ${before}, ${await place()}`,
    )
    await page.getByText(`line ${line} of the log`).click()
    await page.keyboard.type('!')
    await page.keyboard.press('Control+End')
    await page.getByText('note 2 by Tomás').waitFor()
    await saved(page)
    assert.match(await stored(page), /!/, 'what she wrote meanwhile is stored')
    assert.equal(await page.evaluate(() => document.querySelector('.column').dataset.phase), 'editing')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('can be read before it can be written in, and nothing moves when it can', async () => {
    const { page, errors } = await world.open()
    await imkeOpensIt(page)
    await scrollTo(page, 0.4)
    const { lines } = await seen(page)
    const written = await page.evaluate(() => window.sheafBackend.commits.length)
    await page.evaluate(() => {
      window.sights = []
      const topsIn = (text) =>
        [...text.querySelectorAll(':scope > p')].map((line) => [
          line.textContent,
          Math.round(line.getBoundingClientRect().top),
        ])
      const look = () => {
        const [sight, editor] = ['.prose[inert]', '.ProseMirror'].map((text) => document.querySelector(text))
        if (sight) window.sights.push({ first: topsIn(sight), isAlone: !editor })
        else if (window.sights.length > 0 && editor) return setTimeout(() => (window.sight = topsIn(editor)))
        requestAnimationFrame(look)
      }
      look()
    })
    await page.getByRole('button', { name: 'New document' }).click()
    await row(page, 'Welcome to Sheaf').click()
    await page.waitForFunction(() => window.sight)
    const { sights, sight } = await page.evaluate(() => ({ sights: window.sights, sight: window.sight }))
    assert.ok(
      sights.every(({ isAlone }) => isAlone),
      'there are never two texts',
    )
    const later = new Map(sight)
    const top = new RegExp(`^line ${lines[0]} of`)
    assert.match(sights[0].first[0][0], top, 'the first words that she sees are those she left')
    for (const [line, where] of sights[0].first.slice(0, lines.length))
      assert.ok(Math.abs(later.get(line) - where) <= 1, `${line} stays: ${where}, ${later.get(line)}`)
    assert.equal(
      await page.evaluate(() => window.sheafBackend.commits.length),
      written,
      'and looking writes nothing',
    )
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('comes back where Imke left it', async () => {
    const { page, errors } = await world.open()
    await imkeOpensIt(page)
    await scrollTo(page, 0.6)
    await painted(page)
    const { lines } = await seen(page)
    await page.getByText(`line ${lines[3]} of the log`).click()
    await page.evaluate(() => window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' }))
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    await painted(page)
    await painted(page)
    const now = await seen(page)
    assert.equal(now.lines[0], lines[0], 'the same line is at the top of the window')
    assert.equal(now.gaps, 0)
    await page.keyboard.type('here ')
    await saved(page)
    assert.match(
      await stored(page),
      new RegExp(`line ${lines[3]} [^<]*here |here [^<]*line ${lines[3]} `),
      'and so is the caret',
    )
    assert.deepEqual(errors, [])
    await page.close()
  })
})
