/**
 * The keyboard comes into the text before the next key does.
 *
 * The stock command gives the text the focus with the next frame. A busy machine draws that late, and what somebody typed
 * meanwhile landed where the keyboard still was: in the title. Here it comes as soon as the present key or click is dealt
 * with; not within it, since the editor tells of its focus by a transaction, and one may be under way.
 */
import { type Command, Extension, type FocusPosition, resolveFocusPosition } from '@tiptap/core'

/** Sets the selection and gives the text the keyboard; takes the place of the stock command. */
export const PromptFocus = Extension.create({
  name: 'promptFocus',
  priority: 1, // behind the stock one, which it replaces
  addCommands() {
    return {
      focus:
        (position: FocusPosition = null, { scrollIntoView = true } = {}): Command =>
        ({ editor, tr, dispatch }) => {
          if (position === false || !dispatch || (position === null && editor.view.hasFocus())) return true
          const selection = resolveFocusPosition(tr.doc, position)
          if (selection && !tr.selection.eq(selection)) tr.setSelection(selection)
          if (scrollIntoView) tr.scrollIntoView()
          queueMicrotask(() => {
            if (!editor.isDestroyed) editor.view.focus()
          })
          return true
        },
    }
  },
})
