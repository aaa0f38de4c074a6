/** Two people in one document, a cut line, a disk that refuses, and content from the future. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, put, row, stored, tomasJoins, toTheEnd, violations } from './window.mjs'

/** Tomás writes a paragraph at the end. */
const tomasWrites = (page, text) => page.evaluate((words) => window.tomas.write('welcome', words), text)

describe('together', () => {
  const world = browser()

  it("shows Tomás's face, and what he writes, without moving Imke's caret", async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    await page.locator('.faces li[title="Tomás"]').waitFor()
    await toTheEnd(page)
    await page.keyboard.type(' Imke was here')
    await tomasWrites(page, 'And so was Tomás.')
    await page.getByText('And so was Tomás.').waitFor()
    await page.keyboard.type(' and still is')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /Imke was here and still is<\/paragraph>/, 'her words stayed together')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('shows Tomás where he is: also while he only reads, and not where he was', async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    const [face, caret] = [page.locator('.faces li[title="Tomás"]'), page.locator('.ProseMirror .caret')]
    await face.waitFor()
    assert.equal(await caret.count(), 0, 'he has not clicked into it')
    await page.evaluate(async () => {
      window.sheafBackend.team.seed('berths', 'Berths')
      const end = { tname: 'default', assoc: 0 }
      await window.tomas.setCaret('welcome', JSON.stringify({ anchor: end, head: end }))
    })
    await caret.waitFor()
    await page.evaluate(() => window.tomas.open('berths'))
    await face.waitFor({ state: 'detached' })
    await caret.waitFor({ state: 'detached' })
    await page.evaluate(() => window.tomas.setCaret('welcome', null)) // his editor there ends late
    assert.equal(await face.count(), 0, 'that does not bring him back')
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('hides no words under the name of somebody who writes on', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await page.evaluate(async () => {
      await window.tomas.write('welcome', 'And so')
      const end = { tname: 'default', assoc: 0 }
      await window.tomas.setCaret('welcome', JSON.stringify({ anchor: end, head: end }))
    })
    await page.locator('.caret-name.beside').waitFor()
    const [name, line, above] = await page.evaluate(() =>
      [
        document.querySelector('.caret-name'),
        document.querySelector('.ProseMirror p:last-of-type'),
        document.querySelector('.ProseMirror p'),
      ].map((it) => it.getBoundingClientRect().toJSON()),
    )
    assert.ok(name.top >= above.bottom, 'the line above is free')
    assert.ok(name.bottom <= line.bottom + 1, 'and so is the one below')
    await page.close()
  })

  it('shows Tomás where Imke is, before she clicks into what she opened', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await page.evaluate(() => {
      const backend = window.sheafBackend
      backend.team.seed('berths', 'Berths')
      window.here = {}
      window.tomas.listen(({ kind, document, people }) => {
        if (kind === 'people') window.here[document] = people.length
      })
      backend.happen({ kind: 'places', documents: ['berths'] })
    })
    await toTheEnd(page)
    await page.waitForFunction(() => window.here.welcome === 1)
    await row(page, 'Berths').click()
    await page.waitForFunction(() => window.here.welcome === 0 && window.here.berths === 1)
    await row(page, 'Welcome to Sheaf').click()
    await page.waitForFunction(() => window.here.welcome === 1 && window.here.berths === 0)
    await page.close()
  })

  it('lets Imke compose a word while Tomás writes', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await toTheEnd(page)
    const keyboard = await page.context().newCDPSession(page)
    await keyboard.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 })
    await tomasWrites(page, 'A line from Tomás.')
    await keyboard.send('Input.imeSetComposition', { text: 'にほん', selectionStart: 3, selectionEnd: 3 })
    await keyboard.send('Input.insertText', { text: '日本' })
    await page.getByText('A line from Tomás.').waitFor()
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const text = await stored(page)
    assert.match(text, /share it\.日本</, `the word is composed once, in its place: ${text}`)
    assert.doesNotMatch(text, /に/, 'nothing of the composition is left over')
    await page.close()
  })

  it('lets a webview insert a word after it has ended its composition, in the text as it was', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await toTheEnd(page)
    const moved = await page.evaluate(async () => {
      const editor = document.querySelector('.ProseMirror')
      const say = (kind) => editor.dispatchEvent(new CompositionEvent(kind, { bubbles: true }))
      say('compositionstart')
      await window.tomas.write('welcome', 'A line from Tomás.')
      say('compositionend') // WebKitGTK does so before it inserts the word
      await Promise.resolve()
      const moved = editor.textContent.includes('Tomás')
      document.execCommand('insertText', false, '日本')
      return moved
    })
    assert.equal(moved, false, 'nothing moves under the hand of the input method')
    await page.getByText('A line from Tomás.').waitFor()
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /share it\.日本</, 'the word is where it was composed')
    await page.close()
  })

  it('says in words that something waits while the line is cut', async () => {
    const { page } = await world.open()
    await tomasJoins(page)
    await page.evaluate(() => {
      window.sheafBackend.online = false
    })
    await page.getByRole('status').getByText('Offline').waitFor()
    await toTheEnd(page)
    await page.keyboard.type('x')
    await page.getByRole('status').getByText('changes waiting to sync').waitFor()
    await page.evaluate(() => {
      window.sheafBackend.online = true
    })
    await page.getByRole('status').getByText('Synced').waitFor()
    await page.close()
  })

  it('says "not saved" while the disk is full, and saves everything once it is not', async () => {
    const { page } = await world.open()
    await page.evaluate(() => {
      window.sheafBackend.failing = Object.assign(new Error('full'), { code: 'disk_full' })
    })
    await toTheEnd(page)
    await page.keyboard.type('kept')
    await page.getByRole('status').getByText('Not saved').waitFor()
    await page.getByText('The disk is full').waitFor()
    await page.evaluate(() => {
      window.sheafBackend.failing = null
    })
    await page.getByRole('status').getByText('Saved on this device').waitFor()
    assert.match(await stored(page), /kept<\/paragraph>/)
    await page.close()
  })

  it('shows a block of another version beside what Imke writes, and leaves it as it is', async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    await page.evaluate(() => {
      const welcome = window.sheafBackend.team.documents.get('welcome')
      const first = welcome.getXmlFragment('default').get(0)
      const [Doc, Xml, Text] = [welcome.constructor, first.constructor, first.get(0).constructor]
      const hologram = new Xml('hologram')
      hologram.insert(0, [new Text('from the future')])
      const elsewhere = new Doc()
      elsewhere.once('update', (update) => window.tomas.commit('welcome', update))
      elsewhere.getXmlFragment('default').push([hologram])
    })
    await page.locator('.ProseMirror .unknown').getByText('from the future').waitFor()
    await page.click('.ProseMirror p')
    await page.keyboard.press('Home')
    await page.keyboard.type('Kept: ')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /<hologram>from the future<\/hologram>/u)
    assert.match(await stored(page), /<paragraph>Kept: /u)
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('opens a document that two valid edits broke: its text is there, and stays as it is stored', async () => {
    const { page, errors } = await world.open()
    await put(page, [
      ['hologram', { depth: 3 }, [['paragraph', {}, ['from above']]]],
      [
        'bulletList',
        {},
        [
          ['listItem', {}, []],
          ['paragraph', {}, ['adrift']],
        ],
      ],
      [
        'toggle',
        {},
        [
          ['toggleTitle', {}, ['Ropes']],
          ['toggleTitle', {}, ['Chains']],
        ],
      ],
      ['paragraph', {}, ['the last line']],
    ])
    const text = page.locator('.ProseMirror')
    for (const words of ['from above', 'adrift', 'Ropes', 'the last line'])
      await text.getByText(words).waitFor()
    const before = await stored(page)
    assert.match(await text.textContent(), /Chains/u, 'also what is folded away')
    await page.getByText('the last line').click()
    await page.keyboard.press('End')
    await page.keyboard.type(', and more')
    await page.click('.ProseMirror p')
    await page.keyboard.press('Home')
    await page.keyboard.type('Above: ')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const after = before
      .replace('the last line', 'the last line, and more')
      .replace('<paragraph>', '<paragraph>Above: ')
    assert.equal(await stored(page), after, 'what she typed, and nothing else')
    assert.deepEqual(await violations(page), [])
    assert.deepEqual(errors, [])
    await page.close()
  })
})
