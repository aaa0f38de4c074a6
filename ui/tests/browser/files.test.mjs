/** Pictures and files in the text: pasted, dropped, on their way, made wider, described, saved. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, picture, toTheEnd, violations } from './window.mjs'

/** Makes a picture of a harbour and hands it to the page as a paste or a drop, with whatever words come along. */
const give = (page, how, { name = 'harbour.png', html = '', files = 1, width = 900, height = 600 } = {}) =>
  page.evaluate(
    async ({ how, name, html, files, width, height }) => {
      const canvas = document.createElement('canvas')
      ;[canvas.width, canvas.height] = [width, height]
      const paint = canvas.getContext('2d')
      const sky = paint.createLinearGradient(0, 0, 0, height)
      for (const [at, colour] of [
        [0, '#27406b'],
        [0.55, '#e3a76b'],
        [0.56, '#5a6f86'],
        [1, '#1c2a3d'],
      ])
        sky.addColorStop(at, colour)
      paint.fillStyle = sky
      paint.fillRect(0, 0, width, height)
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
      const data = new DataTransfer()
      for (let number = 0; number < files; number += 1) data.items.add(new File([blob, String(number)], name))
      if (html) data.setData('text/html', html)
      const text = document.querySelector('.ProseMirror')
      const last = text.lastElementChild.getBoundingClientRect()
      const values = { bubbles: true, cancelable: true, clientX: last.left + 40, clientY: last.top + 5 }
      if (how === 'paste') text.dispatchEvent(new ClipboardEvent('paste', { ...values, clipboardData: data }))
      else text.dispatchEvent(new DragEvent('drop', { ...values, dataTransfer: data }))
    },
    { how, name, html, files, width, height },
  )

/** Returns the document's blocks as it is stored. */
const blocks = (page) =>
  page.evaluate(() =>
    window.sheafBackend.team.documents
      .get('welcome')
      .getXmlFragment('default')
      .toArray()
      .map((block) => ({ name: block.nodeName, ...block.getAttributes(), text: block.toString() })),
  )

const stored = (page) => page.waitForFunction(() => window.sheafBackend.inFlight === 0)

/** A colleague puts a block that names a file at the end of the text. */
const mention = (page, name, attributes, words = '') =>
  page.evaluate(
    ([name, attributes, words]) => {
      const doc = window.sheafBackend.team.documents.get('welcome')
      const content = doc.getXmlFragment('default')
      const { constructor: Element } = content.get(0)
      const { constructor: Text } = content.get(0).get(0)
      doc.transact(() => {
        const block = new Element(name)
        for (const [key, value] of Object.entries(attributes)) block.setAttribute(key, value)
        content.push([block])
        if (words) block.insert(0, [new Text(words)])
      })
      window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
    },
    [name, attributes, words],
  )

const hash = (digit) => String(digit).repeat(64)
const row = (digit, values) => ({
  hash: hash(digit),
  name: 'tides.pdf',
  size: 2_400_000,
  media: 'application/pdf',
  width: null,
  height: null,
  person: 'tomas',
  picture: false,
  state: 'here',
  done: 0,
  problem: null,
  ...values,
})
const put = (page, value) => page.evaluate((value) => window.sheafBackend.shelf.put(value), value)

describe('a picture', () => {
  const world = browser()

  it('that is pasted is there at once, and one writes on below it', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    await give(page, 'paste')
    const image = page.locator('.ProseMirror figure img')
    await image.waitFor()
    await page.waitForFunction(() => document.querySelector('.ProseMirror figure img').naturalWidth === 900)
    await page.keyboard.type('Low water at six.')
    await stored(page)
    const all = await blocks(page)
    assert.deepEqual(
      all.map(({ name }) => name),
      ['paragraph', 'figure', 'paragraph'],
      'the empty line made way for it',
    )
    assert.match(all[1].file, /^[0-9a-f]{64}$/u)
    assert.match(all[2].text, /Low water at six/u)
    const [wide, column] = await page.evaluate(() => [
      document.querySelector('.ProseMirror figure img').clientWidth,
      document.querySelector('.ProseMirror figure').clientWidth,
    ])
    assert.ok(wide <= column, `it fits the column: ${wide} of ${column}`)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await page.waitForFunction(() => !document.querySelector('.ProseMirror figure'))
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is one of several that are dropped, each behind the block under the pointer', async () => {
    const { page, errors } = await world.open()
    await give(page, 'drop', { files: 3 })
    await page.waitForFunction(() => document.querySelectorAll('.ProseMirror figure').length === 3)
    await stored(page)
    assert.equal((await blocks(page)).filter(({ name }) => name === 'figure').length, 3)
    assert.equal(await page.locator('.file-adding').count(), 0, 'no line of what was being added is left')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is picked from the menu', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    await page.keyboard.type('/picture')
    const chosen = page.waitForEvent('filechooser')
    await page.evaluate(() => {}) // the browser has heard by now that the story answers in place of its own dialog
    await page.keyboard.press('Enter')
    const dot =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
    await (await chosen).setFiles({
      name: 'dot.png',
      mimeType: 'image/png',
      buffer: Buffer.from(dot, 'base64'),
    })
    await page.waitForFunction(() => document.querySelector('.ProseMirror figure img')?.naturalWidth === 1)
    await stored(page)
    assert.deepEqual(
      (await blocks(page)).map(({ name }) => name),
      ['paragraph', 'figure', 'paragraph'],
      'what was typed behind the sign is gone',
    )
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('beside words is only another form of them', async () => {
    const { page } = await world.open()
    await toTheEnd(page)
    await give(page, 'paste', { html: '<p>from a word processor</p>' })
    await page.waitForFunction(() =>
      document.querySelector('.ProseMirror').textContent.includes('word processor'),
    )
    assert.equal(await page.locator('.ProseMirror figure').count(), 0)
    await page.close()
  })

  it('is made narrower by hand and by keyboard, and described for those who do not see it', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    await give(page, 'paste')
    await page.locator('.ProseMirror figure img').waitFor()
    await page.waitForFunction(() => document.querySelector('.ProseMirror figure img').naturalWidth === 900)
    const handle = page.getByRole('slider', { name: 'Width of the picture' })
    const box = await handle.boundingBox()
    const before = await page.evaluate(() => document.querySelector('.ProseMirror figure img').clientWidth)
    await page.mouse.move(box.x + 12, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + 12 - 200, box.y + box.height / 2, { steps: 4 })
    await page.mouse.up()
    await stored(page)
    const figure = async () => (await blocks(page)).find(({ name }) => name === 'figure')
    assert.equal((await figure()).width, before - 200, 'by hand')
    await handle.focus()
    await page.keyboard.press('ArrowRight')
    await stored(page)
    assert.equal((await figure()).width, before - 184, 'and by keyboard')
    await picture(page, 'figure-at-it')

    await page.getByRole('button', { name: 'Describe' }).click()
    await page.keyboard.type('The harbour at dawn')
    await page.keyboard.press('Enter')
    await stored(page)
    assert.equal((await figure()).alt, 'The harbour at dawn')
    assert.equal(await page.locator('.ProseMirror figure img').getAttribute('alt'), 'The harbour at dawn')

    await page.locator('.ProseMirror figcaption').click()
    await page.keyboard.type('Seen from the mole.')
    await stored(page)
    assert.match((await figure()).text, /Seen from the mole\./u, 'its caption is text like any other')
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('that is on its way is a frame that says so, and then the picture', async () => {
    const { page, errors } = await world.open()
    await mention(page, 'figure', { file: hash(1), width: 400 }, 'Soundings')
    const state = page.locator('.figure-state')
    await page.waitForFunction(() =>
      document.querySelector('.figure-state')?.textContent.includes('has not brought it'),
    )
    const coming = {
      name: 'soundings.png',
      media: 'image/png',
      width: 900,
      height: 500,
      picture: true,
      state: 'coming',
    }
    await put(page, row(1, coming))
    await page.waitForFunction(
      () => document.querySelector('.figure-state').textContent === 'On its way from the relay.',
    )
    await put(page, row(1, { ...coming, done: 1_200_000 }))
    await page.waitForFunction(() => document.querySelector('.figure-state').textContent.includes('50'))
    assert.deepEqual(await violations(page), [])
    await picture(page, 'figure-coming')
    await put(page, row(1, { ...coming, state: 'missing', problem: 'file_gone' }))
    await page.waitForFunction(() => document.querySelector('.figure-state').textContent.includes('any more'))
    await put(page, row(1, { ...coming, picture: false, state: 'here' }))
    await page.waitForFunction(() =>
      document.querySelector('.figure-state').textContent.includes('too large to be shown'),
    )
    assert.equal(await state.isVisible(), true)
    assert.equal((await blocks(page))[1].text.includes('Soundings'), true, 'looking at it changed nothing')
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('a file', () => {
  const world = browser()

  it('that is no picture is a card, whatever it is called, and is saved from it', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(() => {
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg" onload="window.__pwned = true"><script>window.__pwned = true</script></svg>'
      const data = new DataTransfer()
      data.items.add(new File([svg], '<b>logo</b>.png', { type: 'image/png' }))
      document
        .querySelector('.ProseMirror')
        .dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }))
    })
    const card = page.locator('.ProseMirror [data-attachment]')
    await card.getByText('<b>logo</b>.png').waitFor()
    await card.getByRole('button', { name: /Save/u }).click()
    await card.getByText('Saved to your downloads as').waitFor()
    assert.deepEqual(await page.evaluate(() => window.sheafBackend.shelf.saved), ['<b>logo</b>.png'])
    assert.equal(await page.evaluate(() => window.__pwned), undefined)
    assert.equal(await page.locator('.ProseMirror img, .ProseMirror b').count(), 0)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('tells how it stands with it, in words', async () => {
    const { page, errors } = await world.open()
    await mention(page, 'attachment', { file: hash(2), name: 'tides.pdf' })
    const about = page.locator('.attachment-about')
    const says = (words) => about.filter({ hasText: words }).waitFor()
    await says('On its way')
    await put(page, row(2, { state: 'coming', done: 600_000 }))
    await says('25')
    assert.equal(
      await page.getByRole('button', { name: /Save tides/u }).isDisabled(),
      true,
      'there is nothing yet',
    )
    await put(page, row(2, { state: 'refused', problem: 'file_too_large' }))
    await says('larger than your relay takes')
    await put(page, row(2))
    await says('2.4')
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('that cannot be added says why, where it was to stand', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.evaluate(() => {
      window.sheafBackend.shelf.addFile = async () => {
        throw { code: 'file_too_large' }
      }
    })
    await give(page, 'paste', { name: 'film.mov' })
    const line = page.locator('.file-adding')
    await line.getByText('larger than your relay takes').waitFor()
    assert.deepEqual(await violations(page), [])
    await line.getByRole('button', { name: 'Dismiss' }).click()
    await page.waitForFunction(() => !document.querySelector('.file-adding'))
    assert.equal((await blocks(page)).length, 1, 'nothing of it is in the text')
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('a page of pictures and files', () => {
  const world = browser()

  for (const dark of [false, true]) {
    it(`looks finished in ${dark ? 'dark' : 'light'}`, async () => {
      const { page } = await world.open({ dark })
      await toTheEnd(page)
      await page.keyboard.press('Enter')
      await give(page, 'paste', { width: 900, height: 360 })
      await page.waitForFunction(
        () => document.querySelector('.ProseMirror figure img')?.naturalWidth === 900,
      )
      await page.locator('.ProseMirror figcaption').click()
      await page.keyboard.type('The harbour at dawn, seen from the mole.')
      await stored(page)
      await mention(page, 'attachment', { file: hash(3), name: 'Tide tables 2027.pdf' })
      await put(page, row(3))
      await mention(page, 'figure', { file: hash(4) })
      await page.waitForFunction(() => document.querySelector('.figure-state:not([hidden])'))
      assert.deepEqual(await violations(page), [])
      await picture(page, `files-${dark ? 'dark' : 'light'}`)
      await page.close()
    })
  }
})
