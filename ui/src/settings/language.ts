/**
 * Which language Sheaf speaks, and how people who speak it write dates and numbers.
 *
 * A message is asked for in the language of that moment, so whatever shows one follows when another language is chosen. What a
 * language lacks is said in English.
 */
import { baseLocale, getLocale, isLocale, type Locale, overwriteGetLocale } from '../paraglide/runtime'
import { settings } from './settings.svelte'

/** What each language calls itself. */
export const NAMES: Record<Locale, string> = { en: 'English', de: 'Deutsch', ar: 'العربية' }

/** Returns the language of a choice; of several that the system wants, the first that Sheaf speaks. */
export function languageOf(
  choice: 'system' | Locale,
  wanted: readonly string[] = navigator.languages,
): Locale {
  if (choice !== 'system') return choice
  return wanted.map(primary).find(isLocale) ?? baseLocale
}

/**
 * Returns the locale for dates and numbers: this language as people write it where the system says they are. Digits are those
 * of the messages, which hold numbers as they are.
 */
export function region(wanted: readonly string[] = navigator.languages): string {
  const language = getLocale()
  const here = wanted.find((tag) => primary(tag) === language) ?? language
  return new Intl.Locale(here, { numberingSystem: 'latn' }).toString()
}

/** Returns a number as people here write it. */
export function number(value: number, style?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(region(), style).format(value)
}

/** Returns a moment, in milliseconds since 1970, as people here write it. */
export function moment(at: number, style: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(region(), style).format(at)
}

/** Lets every message be said in the language that is chosen. */
export function speak(): void {
  overwriteGetLocale(() => languageOf(settings.now.language))
}

function primary(tag: string): string {
  return tag.split('-', 1)[0]?.toLowerCase() ?? ''
}
