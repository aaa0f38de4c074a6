/** What the line at the bottom left says is so, at every moment, and it is calm. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, tomasJoins, toTheEnd, violations } from './window.mjs'

/** From now on every frame is written down: how long the text is, what the line says, what a screen reader was told. */
const watch = (page) =>
  page.evaluate(() => {
    const [text, line] = [document.querySelector('.ProseMirror'), document.querySelector('[role=status]')]
    const voice = document.querySelector('[aria-live=polite]')
    window.frames_ = []
    const look = () => {
      const good = line.querySelector('.good') !== null
      const frame = {
        length: text.textContent.length,
        says: line.textContent.trim(),
        voice: voice.textContent,
        good,
      }
      window.frames_.push(frame)
      requestAnimationFrame(look)
    }
    look()
  })
const watched = (page) => page.evaluate(() => window.frames_)
/** Returns what was said, each change once. */
const changes = (frames, of) => frames.map(of).filter((now, at, all) => now !== all[at - 1])

describe('the status line', () => {
  const world = browser()

  it('calls no word saved that is only in memory, not for one frame', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await page.evaluate(() => {
      window.sheafBackend.slow = new Promise((resolve) => (window.finish = resolve))
    })
    await watch(page)
    await page.keyboard.type('!')
    await page.waitForFunction(() => document.querySelector('[role=status]').textContent.trim() === 'Saving')
    const frames = await watched(page)
    const typed = frames.filter(({ length }) => length > frames[0].length)
    assert.ok(typed.length > 0, 'the letter was seen')
    assert.deepEqual(
      changes(typed, ({ says }) => says),
      ['Saving'],
      'as soon as the letter is there, so is this',
    )
    assert.ok(!typed.some(({ good }) => good), 'and nothing is green')
    await page.evaluate(() => window.finish())
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    await page.close()
  })

  it('says one quiet word while Imke types, and chatters to no screen reader', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await page.waitForFunction(() => document.querySelector('[aria-live=polite]').textContent !== '')
    await watch(page)
    await page.keyboard.type('the boat is late again', { delay: 40 })
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    const frames = await watched(page)
    const saved = 'Saved on this device'
    assert.deepEqual(
      changes(frames, ({ says }) => says),
      [saved, 'Saving', saved],
      'no key flickers',
    )
    assert.deepEqual(
      changes(frames, ({ voice }) => voice),
      [saved],
      'nobody is read what they know',
    )
    await page.evaluate(() => window.sheafBackend.tell({ state: 'offline', waiting: 0 }))
    await page.waitForFunction(() =>
      /^Offline/.test(document.querySelector('[aria-live=polite]').textContent),
    )
    await page.close()
  })

  it('leads back to words that only the window has, from wherever Imke is', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await toTheEnd(page)
    await page.evaluate(() => {
      window.sheafBackend.failing = Object.assign(new Error('large'), { code: 'too_large' })
    })
    await watch(page)
    await page.keyboard.insertText(' enormous')
    const line = page.getByRole('status').getByRole('button', { name: 'some of your words need you' })
    await line.waitFor()
    const frames = await watched(page)
    const after = frames.slice(frames.findIndex(({ says }) => says !== frames[0].says))
    assert.ok(!after.some(({ says }) => /^Saved/.test(says)), 'a refusal was never called saved')
    await page.evaluate(() => {
      window.sheafBackend.failing = null
    })
    await page.getByRole('button', { name: 'New document' }).click()
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('Elsewhere')
    await page.waitForTimeout(0)
    assert.match(await page.getByRole('status').textContent(), /Not saved/, 'nor is it forgotten elsewhere')
    assert.deepEqual(await violations(page), [])
    await line.click()
    const words = page.getByLabel('What could not be saved')
    await words.waitFor()
    assert.match(await words.inputValue(), /enormous/)
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is seen wherever it is needed: also beside a list that is put away', async () => {
    const { page } = await world.open({ width: 900, height: 600 })
    await page.keyboard.press('Control+\\')
    await page.getByRole('tree').waitFor({ state: 'detached' })
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    assert.deepEqual(await violations(page), [])
    await page.close()
  })

  it('tries the relay at once when Imke says so, comes back, or is online again', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    const hurries = () => page.evaluate(() => window.sheafBackend.hurries)
    await page.evaluate(() => dispatchEvent(new Event('online')))
    assert.equal(await hurries(), 0, 'nothing is wrong yet')
    await page.evaluate(() => {
      window.sheafBackend.online = false
    })
    await page.getByRole('button', { name: 'Try now' }).click()
    assert.equal(await hurries(), 1)
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    assert.equal(await hurries(), 3)
    assert.deepEqual(await violations(page), [])
    await page.close()
  })
})
