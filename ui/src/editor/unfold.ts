/**
 * Lets a long document appear at once: its first blocks are laid out and painted, the others when the person rests.
 *
 * The engine needs about 0.2 ms to lay out a block, and ProseMirror a tenth of that to make it; ten thousand blocks at
 * once would keep a person waiting for seconds before the first word. Blocks that wait are in the page, only without a
 * box, and behind all that have one, so that nothing jumps; whoever scrolls or goes further gets them at once. They come
 * together: each restyling of that many costs a third of a second, so small steps take longer and disturb more.
 * Containment (`content-visibility`) is no way to do this: WebKit gives every such block a layer, and a key takes seconds.
 */

/** A document of more blocks than this is unfolded. */
export const LONG = 200
/** As many blocks are shown at first: more than the tallest screen holds. `prose.css` says the same number. */
export const FIRST = 80
/** A person rests when no key was pressed for so long, in milliseconds. */
const REST = 800

/** Keys that lead beyond what is shown. */
const FAR = new Set(['End', 'PageDown', 'a', 'A'])

/** Unfolds the editor inside an element. */
export class Unfolding {
  #timer: ReturnType<typeof setTimeout>

  constructor(private readonly root: HTMLElement) {
    root.classList.add('folded')
    root.addEventListener('keydown', this.#pressed, true)
    addEventListener('scroll', this.stop, true)
    this.#timer = setTimeout(this.stop, REST)
  }

  /** Makes sure that the block of this number, from 0, is shown. */
  reach(block: number): void {
    if (block >= FIRST) this.stop()
  }

  /** Shows everything. */
  stop = () => {
    clearTimeout(this.#timer)
    removeEventListener('scroll', this.stop, true)
    this.root.removeEventListener('keydown', this.#pressed, true)
    this.root.classList.remove('folded')
  }

  #pressed = (event: KeyboardEvent) => {
    clearTimeout(this.#timer)
    if (FAR.has(event.key) && (event.ctrlKey || event.metaKey || event.key === 'PageDown')) this.stop()
    else this.#timer = setTimeout(this.stop, REST)
  }
}
