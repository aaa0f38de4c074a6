/**
 * Keys as the registry of commands writes them: `mod+shift+k`, `alt+ArrowUp`, `?`. `mod` is Cmd on macOS and Ctrl elsewhere;
 * `plus` is the sign that stands between the keys here.
 *
 * A letter or digit is meant by what stands on the key for this person, so that it is where their layout has it.
 */

/** Whether this is macOS, where keys are called and shown in another way. */
export const IS_MAC = /Mac/u.test(navigator.userAgent)

const MAC: Record<string, string> = {
  mod: '⌘',
  shift: '⇧',
  alt: '⌥',
  Enter: '↩',
  Delete: '⌫',
}
const ELSEWHERE: Record<string, string> = { mod: 'Ctrl', shift: 'Shift', alt: 'Alt', Delete: 'Del' }
const SIGNS: Record<string, string> = {
  plus: '+',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

/** Returns what stands on the keys, one text for each. */
export function keyCaps(keys: string, isMac = IS_MAC): string[] {
  const names = { ...SIGNS, ...(isMac ? MAC : ELSEWHERE) }
  return keys.split('+').map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
}

/** Says whether somebody pressed these keys. */
export function isPressed(event: KeyboardEvent, keys: string, isMac = IS_MAC): boolean {
  const parts = keys.split('+')
  const last = parts.pop() ?? ''
  const key = last === 'plus' ? '+' : last
  const mod = isMac ? event.metaKey : event.ctrlKey
  const other = isMac ? event.ctrlKey : event.metaKey
  if (other || mod !== parts.includes('mod') || event.altKey !== parts.includes('alt')) return false
  // Where a sign stands is the layout's business, and with it whether Shift is needed for it.
  const isSign = key.length === 1 && !/[a-z0-9]/iu.test(key)
  if (!isSign && event.shiftKey !== parts.includes('shift')) return false
  // On a keyboard of another script the letter's own key is meant.
  const pressed = /^[^ -~]$/u.test(event.key) ? event.code.replace(/^(?:Key|Digit)/u, '') : event.key
  return pressed.toLowerCase() === key.toLowerCase()
}
