/**
 * What a person chose for this device: how Sheaf looks, how text is set, which language it speaks, which sides of the window
 * are open.
 *
 * It is about the window and about no workspace, and it has to be known before anything is drawn; so the page keeps it itself,
 * in the webview's own storage. What cannot be read there was not chosen, and a storage that fails forgets it with the window.
 */
import { type Locale, locales } from '../paraglide/runtime'

export const THEMES = ['system', 'light', 'dark'] as const
export const FONTS = ['sans', 'serif', 'mono'] as const
/** Sizes of a document's text, in pixels. */
export const SIZES = [15, 16, 18, 21] as const
/** How large the whole window is drawn. */
export const ZOOMS = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const
/** What the panel beside the document shows. */
export const PAGES = ['outline', 'info'] as const
/** A language, or the system's. */
export const LANGUAGES: readonly ('system' | Locale)[] = ['system', ...locales]

/** Everything that can be chosen. */
export interface Choices {
  theme: (typeof THEMES)[number]
  font: (typeof FONTS)[number]
  size: (typeof SIZES)[number]
  zoom: (typeof ZOOMS)[number]
  language: 'system' | Locale
  /** Whether the system marks words that it does not know. */
  spelling: boolean
  /** Whether the list of documents is shown. */
  sidebar: boolean
  /** Whether the panel is shown. */
  panel: boolean
  page: (typeof PAGES)[number]
  /** How many of the first hints were put away. */
  hints: number
}

const BEFORE: Choices = {
  theme: 'system',
  font: 'sans',
  size: 16,
  zoom: 1,
  language: 'system',
  spelling: true,
  sidebar: true,
  panel: false,
  page: 'outline',
  hints: 0,
}

const isSwitch = (value: unknown) => typeof value === 'boolean'
const isOneOf = (all: readonly unknown[]) => (value: unknown) => all.includes(value)
const FITS: Record<keyof Choices, (value: unknown) => boolean> = {
  theme: isOneOf(THEMES),
  font: isOneOf(FONTS),
  size: isOneOf(SIZES),
  zoom: isOneOf(ZOOMS),
  language: isOneOf(LANGUAGES),
  spelling: isSwitch,
  sidebar: isSwitch,
  panel: isSwitch,
  page: isOneOf(PAGES),
  hints: (value) => Number.isInteger(value) && Number(value) >= 0,
}

/** Where the choices are kept. */
const KEY = 'sheaf.settings'

/** What was chosen on one device. */
export class Settings {
  #now = $state.raw<Choices>(BEFORE)

  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem'>) {
    this.#now = { ...BEFORE, ...kept(storage) }
  }

  /** What is chosen now. */
  get now(): Readonly<Choices> {
    return this.#now
  }

  /** Chooses something else, from now on. */
  choose(part: Partial<Choices>): void {
    this.#now = { ...this.#now, ...part }
    try {
      this.storage.setItem(KEY, JSON.stringify(this.#now))
    } catch {
      // it holds until the window closes
    }
  }

  /** Draws everything a step larger or smaller; 0 is the natural size. */
  zoom(steps: -1 | 0 | 1): void {
    const at = ZOOMS.indexOf(this.#now.zoom) + steps
    const zoom = steps === 0 ? 1 : ZOOMS[Math.min(Math.max(at, 0), ZOOMS.length - 1)]
    if (zoom) this.choose({ zoom })
  }
}

/** Returns what was chosen earlier, as far as it still can be. */
function kept(storage: Pick<Storage, 'getItem'>): Partial<Choices> {
  try {
    const read: unknown = JSON.parse(storage.getItem(KEY) ?? '{}')
    if (!read || typeof read !== 'object') return {}
    const entries = Object.entries(read).filter(([name, value]) => FITS[name as keyof Choices]?.(value))
    return Object.fromEntries(entries)
  } catch {
    return {}
  }
}

/** This device's. */
export const settings = new Settings(window.localStorage)
