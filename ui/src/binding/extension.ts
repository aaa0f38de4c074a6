/** The binding as an extension of the editor: it brings the text, undo and redo, and how unknown things are shown. */
import { Extension, type JSONContent } from '@tiptap/core'
import type * as Y from 'yjs'
import { Binding } from './binding'
import { colleagues, type Drawing, type Presence } from './colleagues'
import { unknownKinds } from './unknown'

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    binding: {
      /** Takes back what this person did last. */
      undo: () => ReturnType
      /** Does again what was taken back last. */
      redo: () => ReturnType
    }
  }
  interface Storage {
    binding: { binding: Binding | null }
  }
}

/** What binds an editor to a shared fragment, and shows who else is in it. */
export function bindingTo(type: Y.XmlFragment, others?: { presence: Presence; drawing: Drawing }): Extension {
  return Extension.create({
    name: 'binding',
    priority: 1000,

    addStorage: (): { binding: Binding | null } => ({ binding: null }),

    addExtensions: () => unknownKinds,

    onBeforeCreate() {
      const binding = new Binding(type, this.editor.schema)
      this.storage.binding = binding
      // The editor begins with the text in place. It takes a node as it is, which its type does not say.
      this.editor.options.content = binding.mirror.doc as unknown as JSONContent
    },

    onDestroy() {
      this.storage.binding?.destroy()
    },

    addCommands() {
      const take =
        (isPossible: () => boolean, act: () => boolean) =>
        (props: { tr: { setMeta(key: string, value: boolean): unknown }; dispatch: unknown }) => {
          props.tr.setMeta('preventDispatch', true)
          return isPossible() && (!props.dispatch || act())
        }
      const binding = () => this.storage.binding as Binding | null
      return {
        undo: () =>
          take(
            () => !!binding()?.undoing.canUndo(),
            () => !!binding()?.undo(),
          ),
        redo: () =>
          take(
            () => !!binding()?.undoing.canRedo(),
            () => !!binding()?.redo(),
          ),
      }
    },

    addKeyboardShortcuts() {
      const redo = () => this.editor.commands.redo()
      return { 'Mod-z': () => this.editor.commands.undo(), 'Mod-y': redo, 'Shift-Mod-z': redo }
    },

    addProseMirrorPlugins() {
      const { binding } = this.storage
      if (!binding) return []
      const carets = others ? [colleagues(binding.mirror, others.presence, others.drawing)] : []
      return [binding.plugin(), ...carets]
    },
  })
}
