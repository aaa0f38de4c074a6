/** No word is lost: not by closing the window, not by a view that breaks, not by a change or a paste that is too large. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, row, stored, tomasJoins, toTheEnd, unsolicited, violations } from './window.mjs'

const answers = (page) => page.evaluate(() => window.sheafBackend.answers)
const close = (page) => page.evaluate(() => window.sheafBackend.happen({ kind: 'closing' }))
const fail = (page, code) =>
  page.evaluate((code) => {
    window.sheafBackend.failing = code && Object.assign(new Error(code), { code })
  }, code)

/** Imke types these words at the end, and the disk is full. */
async function typeOnAFullDisk(page, words) {
  await fail(page, 'disk_full')
  await toTheEnd(page)
  await page.keyboard.type(words)
  await page.getByRole('status').getByText('Not saved').waitFor()
}

describe('closing the window', () => {
  const world = browser()

  it('takes no time when everything is saved', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await page.keyboard.type(' saved')
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    await close(page)
    await page.waitForFunction(() => window.sheafBackend.answers.length > 0)
    assert.deepEqual(await answers(page), ['leave'])
    await page.close()
  })

  it('waits for what Imke types while her place is written down on a slow disk', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await page.evaluate(() => {
      const backend = window.sheafBackend
      backend.remember = () => new Promise((resolve) => (window.remembered = resolve))
      backend.slow = new Promise((resolve) => (window.stored = resolve))
    })
    await close(page)
    await page.waitForFunction(() => window.remembered)
    await page.keyboard.type(' one more')
    await page.waitForFunction(() => window.sheafBackend.inFlight > 0)
    await page.evaluate(() => window.remembered())
    await page.waitForFunction(() => window.sheafBackend.answers.length > 0)
    assert.deepEqual(await answers(page), ['stay'], 'not everything is saved')
    await page.evaluate(() => window.stored())
    await page.waitForFunction(() => window.sheafBackend.answers.includes('leave'))
    assert.match(await stored(page), / one more</, 'every word is on the disk before the window goes')
    await page.close()
  })

  it('does not wait for its place for ever', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await page.evaluate(() => {
      window.sheafBackend.remember = () => new Promise(() => {})
    })
    await close(page)
    await page.waitForFunction(() => window.sheafBackend.answers.length > 0)
    assert.deepEqual(await answers(page), ['leave'])
    await page.close()
  })

  it('waits while the disk is full, says so, and goes by itself once every word is saved', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    await typeOnAFullDisk(page, ' the last words')
    await close(page)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Your last words are not saved').waitFor()
    await dialog.getByText('The disk is full').waitFor()
    assert.match(await dialog.getByLabel('The text of this document').inputValue(), /the last words$/)
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(await answers(page), ['stay'], 'the window stays open')
    await dialog.getByRole('button', { name: 'Try again' }).evaluate((button) => {
      // In one go: a moment later the window would have tried by itself, and be gone.
      window.sheafBackend.failing = null
      button.click()
    })
    await page.waitForFunction(() => window.sheafBackend.answers.includes('leave'))
    assert.match(await stored(page), /the last words/, 'saved before it goes')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('can be taken back, and can be done anyway', async () => {
    const { page } = await world.open()
    await typeOnAFullDisk(page, ' words')
    await close(page)
    await page.getByRole('button', { name: 'Keep it open' }).click()
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await fail(page, null)
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    assert.deepEqual(await answers(page), ['stay'], 'who stays is not shut out later')
    await typeOnAFullDisk(page, ' more')
    await close(page)
    await page.getByRole('button', { name: 'Close anyway' }).click()
    assert.deepEqual(await answers(page), ['stay', 'stay', 'leave'])
    await page.close()
  })

  it('counts words in a document that was left before they were saved', async () => {
    const { page } = await world.open()
    await typeOnAFullDisk(page, ' behind')
    await page.getByRole('button', { name: 'New document' }).click()
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    assert.match(await page.getByRole('status').textContent(), /Not saved/, 'the status does not forget them')
    await row(page, 'Welcome to Sheaf').click()
    await page.locator('.ProseMirror').getByText('behind').waitFor()
    await fail(page, null)
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    assert.match(await stored(page), /behind/)
    await page.close()
  })
})

describe('a view that breaks', () => {
  const world = browser()

  /** From now on a rule cannot be drawn, as if its view had a fault. */
  const breakRules = (page, broken) =>
    page.evaluate((is) => {
      window.make ??= document.createElement
      document.createElement = is
        ? function (name, ...rest) {
            if (name === 'hr') throw new Error('a fault in a view')
            return window.make.call(this, name, ...rest)
          }
        : window.make
    }, broken)

  it('under what Imke types: her words are safe, and she goes on after loading again', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await page.keyboard.type(' precious')
    await page.keyboard.press('Enter')
    await breakRules(page, true)
    await page.keyboard.type('---')
    await page.getByText('The view of this document stopped').waitFor()
    await page.getByText('what you wrote is saved on this device').waitFor()
    assert.deepEqual(await violations(page), [])
    assert.match(await page.getByLabel('The text of this document').inputValue(), /precious/)
    await breakRules(page, false)
    await page.getByRole('button', { name: 'Load again' }).click()
    await page.locator('.ProseMirror').getByText('precious').waitFor()
    await toTheEnd(page)
    await page.keyboard.type(' and more')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /precious.*and more/, 'nothing was lost and she writes on')
    await page.close()
  })

  it('on a full disk: nobody calls the words safe that are not', async () => {
    const { page } = await world.open()
    await typeOnAFullDisk(page, ' precious')
    await page.keyboard.press('Enter')
    await breakRules(page, true)
    await page.keyboard.type('---')
    await page.getByText('The view of this document stopped').waitFor()
    await page.getByText('Not everything that you wrote is saved').waitFor()
    assert.equal(await page.getByText('is saved on this device').count(), 0)
    assert.match(await page.getByLabel('The text of this document').inputValue(), /precious/)
    await breakRules(page, false)
    await fail(page, null)
    await page.getByText('what you wrote is saved on this device').waitFor()
    await page.getByRole('button', { name: 'Load again' }).click()
    await page.locator('.ProseMirror').getByText('precious').waitFor()
    await page.close()
  })

  it('under what a colleague writes, and again at the next try', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await toTheEnd(page)
    await page.keyboard.type(' mine')
    await breakRules(page, true)
    await page.evaluate(() => window.tomas.rule('welcome'))
    await page.getByText('The view of this document stopped').waitFor()
    await page.getByRole('button', { name: 'Load again' }).click()
    await page.getByText('The view of this document stopped').waitFor()
    await breakRules(page, false)
    await page.getByRole('button', { name: 'Load again' }).click()
    await page.locator('.ProseMirror hr').waitFor()
    assert.match(await stored(page), /mine/)
    await page.close()
  })
})

describe('a view that is not trusted', () => {
  const world = browser()

  it('is made anew where Imke writes, and takes her nowhere else', async () => {
    const { page, errors } = await world.open()
    await page.getByRole('button', { name: 'New document' }).click()
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await page.keyboard.type('Tides')
    await page.keyboard.press('Enter')
    await page.keyboard.type('High at six.')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    await page.evaluate(() => {
      window.before = document.querySelector('.ProseMirror')
    })
    await unsolicited(page)
    await page.waitForFunction(() => {
      const now = document.querySelector('.ProseMirror')
      return now && now !== window.before && now.textContent.includes('High at six.')
    })
    await page.waitForFunction(() => document.activeElement?.classList.contains('ProseMirror'))
    await page.keyboard.type(' Low at noon.')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.equal(await page.getByLabel('Title').inputValue(), 'Tides', 'no word goes into the title')
    await page.locator('.ProseMirror').getByText('High at six. Low at noon.').waitFor()
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('shows its words while the disk has no room for the last of them', async () => {
    const { page, errors } = await world.open()
    await typeOnAFullDisk(page, ' precious')
    await unsolicited(page)
    await page.getByText('opens again as soon as your last words are saved').waitFor()
    await page.getByText('The disk is full').waitFor()
    assert.match(await page.getByLabel('The text of this document').inputValue(), /share it\. precious$/)
    assert.deepEqual(await violations(page), [])
    await fail(page, null)
    await page.locator('.ProseMirror').getByText('precious').waitFor()
    assert.match(await stored(page), /precious/)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is put away when it goes on like that, and is there again when Imke says so', async () => {
    const { page, errors } = await world.open()
    const before = await stored(page)
    for (let time = 0; time < 2; time += 1) {
      await page.evaluate(() => {
        window.before = document.querySelector('.ProseMirror')
      })
      await unsolicited(page)
      await page.waitForFunction(() => {
        const now = document.querySelector('.ProseMirror')
        return now && now !== window.before
      })
    }
    await unsolicited(page)
    await page.getByText('The view of this document stopped').waitFor()
    assert.match(await page.getByLabel('The text of this document').inputValue(), /share it\.$/m)
    await page.getByRole('button', { name: 'Load again' }).click()
    await toTheEnd(page)
    await page.keyboard.type(' On we go.')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.equal(await stored(page), before.replace('share it.', 'share it. On we go.'), 'only she wrote')
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('words that the disk will never take', () => {
  const world = browser()

  /** From the next change on, opening a document takes until `answer` is called. */
  const slowly = (page) =>
    page.evaluate(() => {
      const backend = window.sheafBackend
      const open = backend.open.bind(backend)
      backend.open = async (id) => {
        const opened = open(id) // as it is now, however late that is told
        await new Promise((resolve) => (window.answer = resolve))
        return opened
      }
    })
  const answer = async (page) => {
    await page.waitForFunction(() => window.answer)
    await page.evaluate(() => {
      const answer = window.answer
      window.answer = null
      answer()
    })
  }

  it('are offered when the document is opened anew while Imke types', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await slowly(page)
    await page.evaluate(() => window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' }))
    await page.waitForFunction(() => window.answer)
    await fail(page, 'invalid')
    await page.keyboard.type(' between two moments')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    await answer(page)
    await answer(page)
    const words = page.getByLabel('What could not be saved')
    await words.waitFor()
    assert.match(await words.inputValue(), /between two moments$/, 'they are not in the text, and not lost')
    await page.close()
  })

  it('stay when Imke goes elsewhere, are asked about when she closes the window, and go when she says so', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await fail(page, 'invalid')
    await page.keyboard.type('!')
    await page.getByRole('button', { name: 'New document' }).click()
    await page.waitForFunction(() => document.activeElement?.tagName === 'TEXTAREA')
    await fail(page, null)
    await close(page)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Copy them before you close the window').waitFor()
    assert.match(await dialog.getByLabel('The text of this document').inputValue(), /share it\.!$/)
    assert.deepEqual(await violations(page), [])
    await dialog.getByRole('button', { name: 'Keep it open' }).click()
    await row(page, 'Welcome to Sheaf').click()
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await close(page)
    await page.waitForFunction(() => window.sheafBackend.answers.includes('leave'))
    assert.deepEqual(await answers(page), ['stay', 'leave'])
    await page.close()
  })
})

describe('what is too large', () => {
  const world = browser()

  /** Pastes this much text, made in the page. */
  const paste = (page, selector, count, unit) =>
    page.evaluate(
      ({ selector, count, unit }) => {
        const data = new DataTransfer()
        data.setData('text/plain', unit.repeat(count))
        const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
        document.querySelector(selector).dispatchEvent(event)
      },
      { selector, count, unit },
    )

  it('a hundred megabytes are refused before they enter the document, and stay on the clipboard', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    const before = await stored(page)
    await paste(page, '.ProseMirror', 100_000_000, 'x')
    await page.getByText('It is still on your clipboard').waitFor()
    assert.equal(await stored(page), before, 'nothing of it entered the document')
    assert.deepEqual(await violations(page), [])
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await page.keyboard.type(' after')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), / after</, 'and Imke writes on')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('a title that long is refused in words of its own, and comes back', async () => {
    const { page } = await world.open()
    await page.getByLabel('Title').click()
    await page.keyboard.insertText('x'.repeat(1001))
    await page.getByText('too long for a title').waitFor()
    assert.equal(await page.getByText('one document can take').count(), 0, 'a document takes far more')
    assert.match(await page.getByLabel('What was not pasted').inputValue(), /^x{1001}$/)
    assert.equal(await page.getByLabel('Title').inputValue(), 'Welcome to Sheaf')
    assert.deepEqual(await violations(page), [])
    await page.close()
  })

  it('what was refused can be taken along, also where the clipboard is shut', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))
    })
    await page.getByLabel('Title').click()
    await page.keyboard.insertText('x'.repeat(1001))
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.waitForFunction(() => getSelection().toString().length === 1001)
    assert.deepEqual(errors, [], 'and nothing fails unheard')
    await page.close()
  })

  it('so many lines that no relay would take them are refused too', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await paste(page, '.ProseMirror', 50_000, 'x\n')
    await page.getByText('It is still on your clipboard').waitFor()
    await page.close()
  })

  it('a change that the disk will never take goes out of the text, and comes back as words', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await fail(page, 'too_large')
    await page.keyboard.insertText(' enormous')
    await page.getByText('Your last change is too large').waitFor()
    await fail(page, null)
    assert.match(
      await page.getByLabel('What could not be saved').inputValue(),
      /enormous/,
      'not a word is lost',
    )
    assert.doesNotMatch(await stored(page), /enormous/)
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await toTheEnd(page)
    await page.keyboard.type(' small')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /small/)
    await page.close()
  })
})
