/** Emoji by their names, as `:smile`. The list is loaded when somebody first asks. */
import { m } from '../../paraglide/messages'
import { matching } from './match'
import type { Choice } from './menu.svelte'

/** More than these nobody reads through. */
const MOST = 24

interface Emoji {
  emoji: string
  annotation: string
  shortcodes?: string[]
}

let all: Promise<Emoji[]> | undefined

/** Returns the emoji whose names match. */
export async function emojiChoices(typed: string): Promise<Choice[]> {
  if (!/^[\p{L}\p{N}_+-]+$/u.test(typed)) return []
  all ??= import('emoji-picker-element-data/en/github/data.json').then(({ default: list }) => list as Emoji[])
  const names = ({ annotation, shortcodes = [] }: Emoji) =>
    [...shortcodes, annotation].map((name) => name.replaceAll('_', ' '))
  return matching(await all, typed.replaceAll('_', ' '), names)
    .slice(0, MOST)
    .map((one) => ({
      id: one.emoji,
      group: m.menu_emoji(),
      name: one.annotation,
      hint: `:${one.shortcodes?.[0] ?? ''}`,
      icon: one.emoji,
      run: (chain) => chain.insertContent(one.emoji),
    }))
}
