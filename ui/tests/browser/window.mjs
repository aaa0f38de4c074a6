/** A real browser on the built page with the in-memory backend: what the stories here share. */
import { existsSync, readFileSync } from 'node:fs'
import { after, before } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'
import { preview } from 'vite'

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

// `cargo xtask test` looks for a browser and names it; by hand it is the system's Chrome, or Debian's Chromium.
const BROWSER = [process.env.CHROME_PATH, '/usr/bin/chromium'].find((path) => path && existsSync(path))

/** Starts the page's server and the browser for a file of stories; returns how to open a window. */
export function browser() {
  let server
  let chrome
  before(async () => {
    server = await preview({ preview: { port: 0, strictPort: false, host: '127.0.0.1' }, logLevel: 'silent' })
    chrome = await chromium.launch({
      ...(BROWSER ? { executablePath: BROWSER } : { channel: 'chrome' }),
      args: QUIET,
    })
  })
  after(async () => {
    await chrome?.close()
    await server?.close()
  })
  return {
    /**
     * Opens a window on a fresh workspace. Whatever goes wrong in the page fails the story through `errors`. `strict` lets
     * the page do only what it may in the app. `chosen` are settings of before, by which the hints are put away; the rest is
     * what the browser's system wants, as Playwright calls it.
     */
    async open({ width = 1280, height = 800, dark = false, strict = false, chosen = {}, ...looks } = {}) {
      const context = await chrome.newContext({
        viewport: { width, height },
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
        ...looks,
      })
      const page = await context.newPage()
      await page.addInitScript(
        (chosen) => {
          localStorage.getItem('sheaf.settings') ?? localStorage.setItem('sheaf.settings', chosen)
        },
        JSON.stringify({ hints: 3, ...chosen }),
      )
      const errors = []
      page.on('pageerror', (error) => errors.push(error.message))
      if (strict) await asInTheApp(page)
      await page.goto(server.resolvedUrls.local[0])
      await page.waitForSelector('.ProseMirror')
      // the binding draws the text in a later turn
      await page.waitForFunction(() => document.querySelector('.ProseMirror')?.textContent?.includes('Write'))
      return { page, errors }
    },
  }
}

/** Gives a page the policy that the app's window has, and its frozen prototype. */
async function asInTheApp(page) {
  const { csp, freezePrototype } = JSON.parse(
    readFileSync(new URL('../../../tauri.conf.json', import.meta.url), 'utf8'),
  ).app.security
  const policy = Object.entries(csp)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')
  if (freezePrototype) await page.addInitScript(() => Object.freeze(Object.prototype))
  await page.route('**/*', async (route) => {
    if (route.request().resourceType() !== 'document') return route.continue()
    const response = await route.fetch()
    return route.fulfill({
      response,
      headers: { ...response.headers(), 'content-security-policy': policy },
    })
  })
}

/** Keeps a picture where somebody wants to look at it: in the folder that `SHEAF_PICTURES` names. */
export async function picture(page, name) {
  const folder = process.env.SHEAF_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

/** Puts the caret behind the last character of the text. */
export async function toTheEnd(page) {
  await page.click('.ProseMirror p:last-of-type')
  await page.keyboard.press('Control+End')
  // The editor hears of a caret that a key moved with the next frame; no person is faster.
  await page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
  )
}

/** Returns what axe finds on the page, a line each. */
export async function violations(page) {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return found.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} ${node.failureSummary}`),
  )
}

/** Makes the open document a hundred lines long. */
export async function longDocument(page) {
  await page.evaluate(async () => {
    for (let line = 0; line < 100; line += 1)
      await window.sheafBackend.write('welcome', `line ${line} of the log`)
    window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
  })
  await page.getByText('line 99 of the log').waitFor()
}

/** Returns the rows of the tree that are drawn. */
export const rows = (page) => page.getByRole('tree', { name: 'Documents' }).getByRole('treeitem')

/** Returns the row of the tree with this title. */
export const row = (page, name) =>
  page.getByRole('tree', { name: 'Documents' }).getByRole('treeitem', { name, exact: true })

/** Waits until the row with this title has the keyboard. */
export const reached = (page, title) =>
  page.waitForFunction((title) => document.activeElement?.getAttribute('aria-label') === title, title)

/**
 * Fills the tree: Expedition with Ferry timetable, Crew and cabins and Suppliers (with Ropes), Handbook with one document,
 * and the minutes; the welcome is open, above them.
 */
export async function harbour(page) {
  await page.evaluate(() => {
    const { team } = window.sheafBackend
    const put = (id, title, parent = null) => team.seed(id, title, () => {}, parent)
    put('expedition', 'Expedition')
    put('ferry', 'Ferry timetable', 'expedition')
    put('crew', 'Crew and cabins', 'expedition')
    put('suppliers', 'Suppliers', 'expedition')
    put('ropes', 'Ropes and chains', 'suppliers')
    put('handbook', 'Handbook')
    put('knots', 'Knots', 'handbook')
    put('minutes', 'Minutes, week 46')
    team.tell({ kind: 'places', documents: null })
  })
  await page.getByRole('treeitem', { name: 'Minutes, week 46', exact: true }).waitFor()
}

/** Returns the stored text of the open document, as the backend holds it. */
export function stored(page) {
  return page.evaluate(() =>
    window.sheafBackend.team.documents.get('welcome').getXmlFragment('default').toString(),
  )
}

/**
 * Puts blocks into the open document, behind those it has, and opens it anew. A block is [name, attributes, children]; words
 * are a string, or `{ text, marks }`.
 */
export async function put(page, blocks) {
  await page.evaluate((blocks) => {
    const content = window.sheafBackend.team.documents.get('welcome').getXmlFragment('default')
    const [Xml, Text] = [content.get(0).constructor, content.get(0).get(0).constructor]
    const made = (block) => {
      if (typeof block === 'string') return new Text(block)
      if (block.text) {
        const text = new Text()
        text.insert(0, block.text, block.marks)
        return text
      }
      const [name, attributes, children] = block
      const element = new Xml(name)
      for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
      element.insert(0, children.map(made))
      return element
    }
    content.push(blocks.map(made))
    window.sheafBackend.happen({ kind: 'reopen', document: 'welcome' })
  }, blocks)
}

/** Lets Tomás join from another device, and returns a handle that writes for him. */
export async function tomasJoins(page) {
  await page.evaluate(async () => {
    const here = window.sheafBackend
    here.tell({ state: 'synced' })
    const tomas = new here.constructor(here.team, { id: 'tomas', name: 'Tomás' }, { state: 'synced' })
    await tomas.open('welcome')
    window.tomas = tomas
  })
}

/** Fills in the dialog that is open as Imke, and sends it off; without an invitation it is the one for signing in. */
export async function asImke(page, invitation) {
  const dialog = page.getByRole('dialog')
  if (invitation) {
    await dialog.getByLabel('Invitation').fill(invitation)
    await dialog.getByLabel('Your name').fill('Imke')
  }
  await dialog.getByLabel('E-mail').fill('imke@example.org')
  await dialog.getByLabel('Password').fill('correct horse battery')
  await dialog.locator('button.primary').click()
}

/** Lets something in the window change the document that is open although nobody did. */
export function unsolicited(page) {
  return page.evaluate(() => {
    const { type } = document.querySelector('.ProseMirror').editor.storage.binding.binding
    const Xml = type.get(0).constructor
    type.push([new Xml('paragraph')])
  })
}
