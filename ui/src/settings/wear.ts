/** Puts what was chosen on the page: theme, type, language and direction, as attributes that the style sheets read. */
import { MediaQuery } from 'svelte/reactivity'
import { getLocale, getTextDirection } from '../paraglide/runtime'
import { dark } from '../theme/dark'
import type { Choices } from './settings.svelte'

const systemIsDark = new MediaQuery('(prefers-color-scheme: dark)')

/** Dresses the page. Within an effect it is dressed anew whenever the system or the language changes. */
export function wear(root: HTMLElement, { theme, font, size }: Choices): void {
  const isDark = theme === 'system' ? systemIsDark.current : theme === 'dark'
  root.dataset.theme = isDark ? 'dark' : 'light'
  dark.matches = isDark
  root.dataset.font = font
  root.style.setProperty('--text-size', `${size}px`)
  root.lang = getLocale()
  root.dir = getTextDirection(getLocale())
}
