/** What comes from the clipboard, what stands in older documents, and taking back one's own beside somebody else's. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, stored, tomasJoins, toTheEnd } from './window.mjs'

/** Pastes what another program put on the clipboard. */
const paste = (page, kinds) =>
  page.evaluate((kinds) => {
    const data = new DataTransfer()
    for (const [kind, text] of Object.entries(kinds)) data.setData(kind, text)
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
    document.querySelector('.ProseMirror').dispatchEvent(event)
  }, kinds)

describe('pasting', () => {
  const world = browser()

  it('takes plain lines as paragraphs', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    await paste(page, { 'text/plain': 'Berth four\n\n5 < 6 & 7 > 6' })
    await page.getByText('5 < 6 & 7 > 6').waitFor()
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const text = await stored(page)
    assert.match(text, /<paragraph>Berth four<\/paragraph><paragraph>5 < 6 & 7 > 6<\/paragraph>/)
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('keeps the structure of a web page and nothing that could act', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    await paste(page, {
      'text/html': `<h2 onclick="window.acted = 1" style="color: red">Tides</h2>
        <p>High at <b>six</b>, see <a href="https://example.org/tides">the table</a>.</p>
        <script>window.acted = 2</script><img src="x" onerror="window.acted = 3">
        <ul><li><p>bring <a href="javascript:window.acted = 4">oars</a></p></li></ul>`,
      'text/plain': 'Tides',
    })
    await page.locator('.ProseMirror h2').getByText('Tides').waitFor()
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const text = await stored(page)
    for (const part of [
      '<heading level="2">Tides</heading>',
      'High at <bold>six</bold>, see <link',
      'href="https://example.org/tides"',
      '<listitem><paragraph>bring oars</paragraph></listitem>',
    ]) {
      assert.ok(text.includes(part), `${part} is stored: ${text}`)
    }
    assert.doesNotMatch(text, /script|onclick|onerror|color: red/, `nothing else is: ${text}`)
    assert.equal(await page.evaluate(() => window.acted), undefined, 'and nothing has run')
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('pasting from elsewhere', () => {
  const world = browser()

  it('takes plain text that was written as Markdown as what it means, as one change', async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    const before = await stored(page)
    await paste(page, {
      'text/plain':
        '## Tides\n\nHigh at **six**, see [it](https://example.org/a).\n\n- [x] ask\n- [ ] print\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```rust\nlet a;\n```\n',
    })
    await page.locator('.ProseMirror table').waitFor()
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    const text = await stored(page)
    for (const part of [
      /<heading level="2">Tides<\/heading>/,
      /High at <bold>six<\/bold>, see <link/,
      /<taskitem checked="true"><paragraph>ask<\/paragraph><\/taskitem><taskitem checked="false"><paragraph>print/,
      /<tableheader[^>]*><paragraph>a<\/paragraph>/,
      /<codeblock language="rust">let a;<\/codeblock>/,
    ])
      assert.match(text, part)
    await page.keyboard.press('Control+z')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.equal(
      (await stored(page)).replaceAll('<paragraph></paragraph>', ''),
      before.replaceAll('<paragraph></paragraph>', ''),
    )
    assert.deepEqual(errors, [])
    await page.close()
  })

  it("makes lists of Word's paragraphs", async () => {
    const { page, errors } = await world.open()
    await toTheEnd(page)
    await page.keyboard.press('Enter')
    const item = (words) =>
      `<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·&nbsp;</span>${words}<o:p></o:p></p>`
    await paste(page, { 'text/html': `<body>${item('oars')}${item('a lamp')}</body>`, 'text/plain': 'oars' })
    await page.locator('.ProseMirror li').getByText('a lamp').waitFor()
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(
      await stored(page),
      /<bulletlist><listitem><paragraph>oars<\/paragraph><\/listitem><listitem><paragraph>a lamp<\/paragraph>/,
    )
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('what cannot be edited yet', () => {
  const world = browser()

  it('is shown: a table, and a picture by its description', async () => {
    const { page, errors } = await world.open()
    await page.evaluate(() => {
      const { team } = window.sheafBackend
      const doc = team.documents.get('welcome')
      const Xml = doc.getXmlFragment('default').get(0).constructor
      const Text = doc.getXmlFragment('default').get(0).get(0).constructor
      const made = (name, children, attributes = {}) => {
        const element = new Xml(name)
        for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
        element.insert(0, children)
        return element
      }
      const cell = (kind, words) => made(kind, [made('paragraph', [new Text(words)])])
      const table = made('table', [
        made('tableRow', [cell('tableHeader', 'Berth'), cell('tableHeader', 'Boat')]),
        made('tableRow', [cell('tableCell', 'four'), cell('tableCell', 'Ada')]),
      ])
      const picture = made('image', [], { src: 'harbour.png', alt: 'the harbour at six' })
      doc.getXmlFragment('default').push([table, picture])
      window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
    })
    await page.locator('.ProseMirror table th').getByText('Boat').waitFor()
    await page.locator('.ProseMirror table td').getByText('Ada').waitFor()
    await page.locator('.ProseMirror figure').getByText('the harbour at six').waitFor()
    const before = await stored(page)
    await toTheEnd(page)
    assert.equal(await stored(page), before, 'and is not touched by being looked at')
    assert.deepEqual(errors, [])
    await page.close()
  })
})

describe('taking back', () => {
  const world = browser()

  it("undoes Imke's own words and nobody else's, and does them again", async () => {
    const { page, errors } = await world.open()
    await tomasJoins(page)
    await toTheEnd(page)
    await page.keyboard.type(' first')
    await page.evaluate(() => window.tomas.write('welcome', 'A line from Tomás.'))
    await page.getByText('A line from Tomás.').waitFor()
    await page.keyboard.press('Control+z')
    await page.locator('.ProseMirror').getByText('share it. first').waitFor({ state: 'detached' })
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /share it\.<\/paragraph>.*A line from Tomás\./, 'only her word is gone')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+Shift+z')
    await page.locator('.ProseMirror').getByText('share it. first').waitFor()
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.match(await stored(page), /share it\. first<\/paragraph>.*A line from Tomás\./, 'and is back')
    assert.deepEqual(errors, [])
    await page.close()
  })
})
