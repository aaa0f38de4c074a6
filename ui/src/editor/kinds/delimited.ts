/** Marks that are typed as in Markdown: signs around words. Unlike the stock rule these need no space before them: `H~2~O`. */
import { InputRule } from '@tiptap/core'
import type { MarkType } from '@tiptap/pm/model'

/** `==seen==` */
export const HIGHLIGHTED = /(?:^|[^=])(==([^=\s](?:[^=]*[^=\s])?)==)$/u
/** `~2~`, and never a part of `~~gone~~` */
export const LOWERED = /(?:^|[^~])(~([^~\s]+)~)$/u
/** `^2^` */
export const RAISED = /(?:^|[^^])(\^([^^\s]+)\^)$/u
/** `$x^2$`, and never a price: the signs stand close to the formula, and no letter or digit before them */
export const FORMULA = /(?:^|[^\\$\p{L}\p{N}])(\$([^\s$](?:[^$]*[^\s$])?)\$)$/u

/**
 * Makes a rule that marks what stands between signs, and takes the signs away. The pattern's first group is the whole with
 * its signs, the second what is between.
 */
export function delimited(find: RegExp, type: MarkType): InputRule {
  return new InputRule({
    find,
    handler: ({ state: { tr }, range, match }) => {
      const [, whole, inner] = match
      if (!whole || !inner) return null
      const signs = (whole.length - inner.length) / 2
      const typed = 1 // the last sign is not in the text yet
      const from = range.to - whole.length + typed
      tr.delete(range.to - signs + typed, range.to)
        .delete(from, from + signs)
        .addMark(from, from + inner.length, type.create())
        .removeStoredMark(type)
    },
  })
}
