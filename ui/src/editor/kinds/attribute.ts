/** Attributes of our own kinds in HTML: under `data-`, where they mean nothing to a browser. */
import type { Attribute } from '@tiptap/core'

/** An attribute that holds a word: `file` is `data-file` in HTML, and absent while it is null. */
export function word(name: string, fallback: string | null = null): Partial<Attribute> {
  return {
    default: fallback,
    parseHTML: (element) => element.getAttribute(`data-${name}`) ?? fallback,
    renderHTML: (attributes) => {
      const value: unknown = attributes[name]
      return value === null || value === undefined ? {} : { [`data-${name}`]: String(value) }
    },
  }
}
