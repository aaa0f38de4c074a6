/** What the menu offers behind `@` and `[[`. */
import AtSign from '@lucide/svelte/icons/at-sign'
import FileText from '@lucide/svelte/icons/file-text'
import { m } from '../../paraglide/messages'
import type { Asking } from '../menu/asking'
import type { Choice } from '../menu/menu.svelte'
import type { Links, Suggested } from './links'

/** Returns the signs. */
export function mentioning(links: Links): Asking[] {
  const sign = (sign: string, kind: 'document' | 'any', label: () => string): Asking => ({
    sign,
    label,
    spaces: true,
    choices: async (typed) => (await links.suggest(typed, kind)).map(choice),
  })
  return [sign('@', 'any', m.mention_menu), sign('[[', 'document', m.mention_documents)]
}

function choice({ kind, id, label, icon }: Suggested): Choice {
  const isPerson = kind === 'person'
  return {
    id: `${kind} ${id}`,
    group: isPerson ? m.mention_people() : m.mention_documents(),
    name: label,
    icon: icon || (isPerson ? AtSign : FileText),
    run: (chain) =>
      chain.insertContent([
        { type: 'mention', attrs: { kind, id, label } },
        { type: 'text', text: ' ' },
      ]),
  }
}
