/**
 * What can be read of a long document before its editor is there: a screenful around the person's place, drawn by the schema
 * itself, so that nothing moves when the editor takes its place.
 *
 * An editor needs every block before its first frame, which for ten thousand of them is longer than anybody should look at
 * nothing. This is a picture: nothing in it can be clicked, and nothing of it is kept.
 */
import { getSchema } from '@tiptap/core'
import { DOMSerializer, type Schema } from '@tiptap/pm/model'
import * as Y from 'yjs'
import { glance } from '../binding/read'
import { unknownKinds } from '../binding/unknown'
import { schemaExtensions } from './extensions'
import { FIRST } from './near'
import { readPlace } from './place'

/** If no frame comes, because the window is hidden, nobody waits for it longer than this, in milliseconds. */
const LONGEST = 100

let schema: Schema | undefined

/** Draws the blocks at a place, or the first ones, into an element, and scrolls to where the person was. */
export function drawFirstSight(element: HTMLElement, blocks: Y.XmlFragment, kept: string | null): void {
  const place = kept ? readPlace(kept) : null
  const top = place?.top ? positionOf(blocks, place.top) : null
  schema ??= getSchema([...schemaExtensions(), ...unknownKinds])
  const from = top?.block ?? 0
  const sight = document.createElement('div')
  sight.className = 'prose'
  sight.inert = true
  DOMSerializer.fromSchema(schema).serializeFragment(
    glance(schema, blocks.slice(from, from + FIRST)),
    undefined,
    sight,
  )
  element.replaceChildren(sight)
  const scroller = element.closest('.scroll')
  if (!scroller || !place) return
  if (!top) scroller.scrollTop = place.scroll
  else
    scroller.scrollTop += topOf(sight, top.letter) - scroller.getBoundingClientRect().top - (place.gap ?? 0)
}

/** Calls back when the next frame is on the screen, in a turn of its own; the answer takes that back. */
export function afterFrame(then: () => void): () => void {
  let timer = setTimeout(then, LONGEST)
  // When the second one is about to be drawn, the first is there.
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(() => {
      clearTimeout(timer)
      timer = setTimeout(then)
    })
  })
  return () => {
    clearTimeout(timer)
    cancelAnimationFrame(frame)
  }
}

/** Returns the number of the block that a place is in, and how many letters of its text are before it there. */
function positionOf(blocks: Y.XmlFragment, place: unknown): { block: number; letter: number } | null {
  const { doc } = blocks
  const at = doc && Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(place), doc)
  if (!at || at.type === blocks) return at ? { block: at.index, letter: 0 } : null
  let type: Y.AbstractType<unknown> | null = at.type
  while (type && type.parent !== blocks) type = type.parent
  const block = blocks.toArray().indexOf(type as Y.XmlElement)
  if (block < 0) return null
  let letter = at.type instanceof Y.XmlText ? at.index : 0
  for (const text of (type as Y.XmlElement).createTreeWalker((inside) => inside instanceof Y.XmlText)) {
    if (text === at.type) break
    letter += (text as Y.XmlText).length
  }
  return { block, letter }
}

/** Returns where a letter of the first block stands, in pixels below the upper edge of the window. */
function topOf(sight: Element, letter: number): number {
  const first = sight.firstElementChild ?? sight
  const texts = document.createTreeWalker(first, NodeFilter.SHOW_TEXT)
  for (let before = letter; texts.nextNode(); ) {
    const text = texts.currentNode as Text
    if (before < text.length) {
      const range = document.createRange()
      range.setStart(text, before)
      range.setEnd(text, before + 1)
      return range.getBoundingClientRect().top
    }
    before -= text.length
  }
  return first.getBoundingClientRect().top
}
