/**
 * Makes the stock binding as quick in a long document as in a short one, and changes nothing else.
 *
 * With every update of the view, also when only the caret moved, the binding looks for blocks that were moved, through
 * maps of all of them. Nearly always one block changed, or none; that can be seen from its own mapping of which block is which,
 * and then only that block is compared, by the binding's own function. Whatever else happened is left to it. And with every
 * change from elsewhere it forgets the whole mapping, and makes every block anew; here it keeps what did not change.
 */
import type { Node } from '@tiptap/pm/model'
import type { EditorView } from '@tiptap/pm/view'
import {
  getRelativeSelection,
  type ProsemirrorBinding,
  updateYFragment,
  ySyncPluginKey,
} from '@tiptap/y-tiptap'
import * as Y from 'yjs'

/** Which shared type is which block. The binding takes out what changed; here nothing takes out the rest. */
export class Mapping extends Map<Y.AbstractType<unknown>, Node | Node[]> {
  override clear(): void {}
}

/** Makes the binding of a view quick. */
export function hasten(view: EditorView): void {
  const { binding } = ySyncPluginKey.getState(view.state) as { binding: ProsemirrorBinding }
  const compareAll = binding._prosemirrorChanged.bind(binding)
  binding._prosemirrorChanged = (doc: Node) => {
    const changed = changes(binding, doc)
    const only = changed?.[0]
    if (changed && !only) return
    if (!only || only.type.nodeName !== only.block.type.name) return compareAll(doc)
    binding.doc.transact(() => {
      binding.mapping.set(binding.type, doc)
      updateYFragment(binding.doc, only.type, only.block, binding)
      binding.beforeTransactionSelection = getRelativeSelection(binding, binding.prosemirrorView.state)
    }, ySyncPluginKey)
  }
}

/** Returns the blocks that are not what the mapping says; null if they are several, or some came or went. */
function changes(binding: ProsemirrorBinding, doc: Node): { type: Y.XmlElement; block: Node }[] | null {
  const { type: content, mapping } = binding
  if (content.length !== doc.childCount) return null
  const found: { type: Y.XmlElement; block: Node }[] = []
  const types = content.toArray()
  for (let at = 0; at < types.length; at += 1) {
    const [type, block] = [types[at], doc.child(at)]
    if (type && mapping.get(type) === block) continue
    if (found.length > 0 || !(type instanceof Y.XmlElement)) return null
    found.push({ type, block })
  }
  return found
}
