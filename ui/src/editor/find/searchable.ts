/** The search as an extension of the editor. */
import { Extension } from '@tiptap/core'
import { type Finding, finding } from './finding'

/** Lets an editor be searched; `changed` hears what is found. */
export function searchable(changed: (finding: Finding | null) => void): Extension {
  return Extension.create({ name: 'searchable', addProseMirrorPlugins: () => [finding(changed)] })
}
