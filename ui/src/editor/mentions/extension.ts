/** Mentions as an extension of the editor. */
import { Extension } from '@tiptap/core'
import type { Links } from './links'
import { mentionNames } from './names'

/** Shows what mentions are called now, and follows them. */
export function mentions(links: Links): Extension {
  return Extension.create({ name: 'mentions', addProseMirrorPlugins: () => [mentionNames(links)] })
}
