/** The keys for whole blocks. */
import { Extension } from '@tiptap/core'
import { duplicate, type Moved, shift, unitHere } from './move'

/** Makes the keys; `told` hears what came of a move. */
export function blockKeys(told: (moved: Moved) => void): Extension {
  return Extension.create({
    name: 'blockKeys',

    addKeyboardShortcuts() {
      const move = (way: 'up' | 'down') => () => {
        const unit = unitHere(this.editor.view)
        if (unit) told(shift(this.editor.view, unit, way))
        return unit !== null
      }
      return {
        'Alt-Shift-ArrowUp': move('up'),
        'Alt-Shift-ArrowDown': move('down'),
        'Mod-Shift-d': () => {
          const unit = unitHere(this.editor.view)
          if (unit) duplicate(this.editor.view, unit)
          return unit !== null
        },
      }
    },
  })
}
