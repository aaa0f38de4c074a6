/** What is chosen is remembered; what nobody could have chosen is not believed. */
import { expect, test } from 'vitest'
import { Settings } from './settings.svelte'

function storage(kept: string | null = null) {
  return {
    kept,
    getItem() {
      return this.kept
    },
    setItem(_key: string, value: string) {
      this.kept = value
    },
  }
}

test('what Imke chose is there when she comes back', () => {
  const disk = storage()
  const settings = new Settings(disk)
  expect(settings.now.theme, 'nothing was chosen yet').toBe('system')
  settings.choose({ theme: 'dark', size: 18 })
  settings.choose({ language: 'de' })
  const later = new Settings(disk).now
  expect([later.theme, later.size, later.language, later.font]).toEqual(['dark', 18, 'de', 'sans'])
})

test('what is damaged or from another version counts as not chosen, the rest holds', () => {
  for (const kept of ['', 'null', '[', '7', '"dark"']) {
    expect(new Settings(storage(kept)).now.size, kept).toBe(16)
  }
  const odd = JSON.stringify({
    theme: 'sepia',
    font: 'serif',
    size: 400,
    zoom: 1.5,
    spelling: 'no',
    hints: -1,
    x: 1,
  })
  const { theme, font, size, zoom, spelling, hints } = new Settings(storage(odd)).now
  expect({ theme, font, size, zoom, spelling, hints }).toEqual({
    theme: 'system',
    font: 'serif',
    size: 16,
    zoom: 1.5,
    spelling: true,
    hints: 0,
  })
})

test('a storage that fails costs only the memory of it', () => {
  const refuse = () => {
    throw new DOMException('full', 'QuotaExceededError')
  }
  const settings = new Settings({ getItem: refuse, setItem: refuse })
  settings.choose({ theme: 'light' })
  expect(settings.now.theme).toBe('light')
})

test('zoom goes in steps, has two ends and a way back', () => {
  const settings = new Settings(storage())
  settings.zoom(1)
  expect(settings.now.zoom).toBe(1.1)
  for (let press = 0; press < 20; press += 1) settings.zoom(1)
  expect(settings.now.zoom, 'twice as large, as WCAG asks').toBe(2)
  for (let press = 0; press < 20; press += 1) settings.zoom(-1)
  expect(settings.now.zoom).toBe(0.8)
  settings.zoom(0)
  expect(settings.now.zoom).toBe(1)
})
