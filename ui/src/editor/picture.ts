/**
 * Pictures. One that lies in the document itself is drawn; one that lies elsewhere is never fetched, because fetching tells
 * its server who reads what: a frame with its words and its address stands for it.
 *
 * What is copied is always an ordinary `img`, so that other programs understand it.
 */

import Image from '@tiptap/extension-image'
import { DOMSerializer, type Schema } from '@tiptap/pm/model'
import { m } from '../paraglide/messages'

/** What of a picture is shown. */
export interface Shown {
  /** Its source, if that can be drawn without asking anybody. */
  src: string | null
  /** What stands in its place. */
  words: string
  /** Where it lies. */
  address: string
}

/** Returns what to show of a picture with these attributes. */
export function pictureOf(attributes: Record<string, unknown>): Shown {
  const text = (name: string) => (typeof attributes[name] === 'string' ? attributes[name] : '')
  const src = text('src')
  const isHere = /^data:image\//iu.test(src)
  return {
    src: isHere ? src : null,
    words: text('alt') || text('title') || m.picture(),
    address: isHere ? '' : src,
  }
}

/** The `image` block. */
export const Picture = Image.extend({
  renderHTML({ node, HTMLAttributes }) {
    const { src, words, address } = pictureOf(node.attrs)
    if (src) return ['img', HTMLAttributes]
    return ['figure', { class: 'picture', title: address }, ['figcaption', words], ['span', address]]
  },
})

/** Returns how a selection is copied. */
export function copying(schema: Schema): DOMSerializer {
  const { nodes, marks } = DOMSerializer.fromSchema(schema)
  return new DOMSerializer({ ...nodes, image: ({ attrs }) => ['img', attrs] }, marks)
}
