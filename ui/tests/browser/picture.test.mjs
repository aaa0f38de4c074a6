/** Pictures and links that come with a document: nothing is fetched, and nothing that they say is hidden. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { browser, toTheEnd, violations } from './window.mjs'

const TIDES = 'https://example.org/tides.png'

/** Puts a picture that lies elsewhere, and a link, at the end of the open document. */
const fill = (page) =>
  page.evaluate((src) => {
    const doc = window.sheafBackend.team.documents.get('welcome')
    const content = doc.getXmlFragment('default')
    const { constructor: Element } = content.get(0)
    const { constructor: Text } = content.get(0).get(0)
    doc.transact(() => {
      const [picture, line, text] = [new Element('image'), new Element('paragraph'), new Text()]
      picture.setAttribute('src', src)
      picture.setAttribute('alt', 'The tides in March')
      text.insert(0, 'See ')
      text.insert(4, 'the almanac', { link: { href: 'https://example.org/almanac' }, bold: {} })
      text.insert(15, ' first.', { link: null, bold: null })
      line.insert(0, [text])
      content.push([picture, line])
    })
    window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
  }, TIDES)

/** Returns every address that the page asks for from now on, its own server's aside. */
function requests(page) {
  const asked = []
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.hostname !== '127.0.0.1' && url.protocol !== 'data:') asked.push(request.url())
  })
  return asked
}

describe('a picture that lies elsewhere', () => {
  const world = browser()

  it('is a frame with its words and its address, and nobody is asked for it', async () => {
    const { page, errors } = await world.open({ width: 900, height: 600 })
    const asked = requests(page)
    await fill(page)
    const picture = page.locator('.ProseMirror figure.picture')
    await picture.getByText('The tides in March').waitFor()
    assert.match(await picture.textContent(), /example\.org\/tides\.png/)
    assert.deepEqual(await violations(page), [])
    await toTheEnd(page)
    await page.keyboard.type(' written below it')
    await page.waitForFunction(() => window.sheafBackend.inFlight === 0)
    assert.equal(await page.locator('.ProseMirror img').count(), 0)
    assert.deepEqual(asked, [])
    assert.deepEqual(errors, [])
    await page.close()
  })

  it('is copied as a picture that other programs understand', async () => {
    const { page } = await world.open()
    await fill(page)
    await page.locator('.ProseMirror figure.picture').waitFor()
    await page.locator('.ProseMirror').focus()
    await page.keyboard.press('Control+a')
    const html = await page.evaluate(() => {
      const data = new DataTransfer()
      const event = new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true })
      document.querySelector('.ProseMirror').dispatchEvent(event)
      return data.getData('text/html')
    })
    assert.match(html, /<img src="https:\/\/example\.org\/tides\.png" alt="The tides in March">/)
    await page.close()
  })
})
