/**
 * A document on its way from one place in the tree to another, under the pointer.
 *
 * Pointer events, not the webview's own drag and drop: that differs from system to system, and the shell listens to it too.
 */
import { type Drop, dropAt, INDENT } from './drop'
import type { TreeState } from './tree.svelte'

/** Pixels that a press may wander and still be a click. */
const CLICK = 5
/** Milliseconds over a closed row before it opens. */
const HOVER = 700
/** Pixels from an edge within which the list scrolls by itself, and how far it does in a frame at most. */
const RIM = 36
const SPEED = 14

/** The elements that a drag looks at. */
export interface Ground {
  /** The list that is dropped on. */
  list: HTMLElement
  /** What scrolls. */
  scroller: HTMLElement
}

/** One drag at a time. */
export class Drag {
  /** What is dragged; null while nothing is. */
  id = $state<string | null>(null)
  /** Where the pointer is. */
  at = $state.raw({ x: 0, y: 0 })
  /** Where it would land. */
  drop = $state.raw<Drop | null>(null)
  /** Where it can land; the tree says so. */
  ground: Ground | null = null

  /** Where it was pressed. */
  #from = { x: 0, y: 0 }
  #end: (() => void) | null = null
  #hover: { id: string; timer: ReturnType<typeof setTimeout> } | null = null

  constructor(private readonly tree: TreeState) {}

  /** Somebody pressed a row; with the first real movement that is a drag. */
  press(event: PointerEvent, id: string): void {
    if (event.button !== 0 || event.pointerType === 'touch') return
    const from = { x: event.clientX, y: event.clientY }
    this.#from = from
    const stop = new AbortController()
    const { signal } = stop
    this.#end?.()
    this.#end = () => {
      stop.abort()
      this.#cease()
    }
    const move = (moved: PointerEvent) => {
      const far = Math.hypot(moved.clientX - from.x, moved.clientY - from.y)
      if (this.id === null && far < CLICK) return
      if (this.id === null) this.#begin(id, signal)
      moved.preventDefault()
      this.at = { x: moved.clientX, y: moved.clientY }
      this.#aim()
    }
    window.addEventListener('pointermove', move, { signal })
    window.addEventListener('pointerup', () => this.#land(), { signal })
    window.addEventListener('pointercancel', () => this.cancel(), { signal })
    window.addEventListener('blur', () => this.cancel(), { signal })
  }

  /** Lets go without a move. */
  cancel(): void {
    this.#end?.()
    this.#end = null
  }

  #begin(id: string, signal: AbortSignal): void {
    this.id = id
    document.documentElement.classList.add('dragging')
    // Escape lets go, and does nothing else meanwhile.
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      this.cancel()
    }
    window.addEventListener('keydown', pressed, { signal, capture: true })
    // The release of a drag is no click on what lies there.
    window.addEventListener('click', (click) => click.stopPropagation(), {
      signal,
      capture: true,
      once: true,
    })
    const scroll = () => {
      if (this.id === null) return
      this.#scroll()
      requestAnimationFrame(scroll)
    }
    requestAnimationFrame(scroll)
  }

  #aim(): void {
    if (!this.ground || this.id === null) return
    const { list, scroller } = this.ground
    const [box, frame] = [list.getBoundingClientRect(), scroller.getBoundingClientRect()]
    const isOver = this.at.x >= frame.left && this.at.x <= frame.right
    const isAbove = this.at.y < Math.max(box.top - 8, frame.top) || this.at.y > frame.bottom
    const sideways = (this.at.x - this.#from.x) * (getComputedStyle(list).direction === 'rtl' ? -1 : 1)
    const aside = Math.round(sideways / INDENT)
    const isOpen = (id: string) => this.tree.isOpen(id)
    this.drop =
      isOver && !isAbove ? dropAt(this.tree.lines, this.id, aside, this.at.y - box.top, isOpen) : null
    this.#linger(this.drop?.into ?? null)
  }

  /** A closed row opens for whoever stays over it. */
  #linger(id: string | null): void {
    if (this.#hover?.id === id) return
    clearTimeout(this.#hover?.timer)
    this.#hover = null
    if (id === null || this.tree.isOpen(id) !== false) return
    const open = () => {
      this.tree.setOpen(id, true)
      this.#aim()
    }
    this.#hover = { id, timer: setTimeout(open, HOVER) }
  }

  #scroll(): void {
    if (!this.ground) return
    const { scroller } = this.ground
    const { top, bottom, left, right } = scroller.getBoundingClientRect()
    if (this.at.x < left || this.at.x > right) return
    const up = top + RIM - this.at.y
    const down = this.at.y - (bottom - RIM)
    const by = up > 0 ? -up : Math.max(down, 0)
    if (by === 0) return
    const before = scroller.scrollTop
    scroller.scrollTop += (Math.max(-RIM, Math.min(by, RIM)) / RIM) * SPEED
    if (scroller.scrollTop !== before) this.#aim()
  }

  #land(): void {
    const { id, drop } = this
    // The click that follows is still to be kept from the rows.
    setTimeout(() => this.cancel())
    this.id = null
    if (id === null || !drop || drop.isStill) return
    if (drop.into !== null) this.tree.setOpen(drop.into, true)
    void this.tree.move(id, drop)
  }

  #cease(): void {
    this.id = null
    this.drop = null
    this.#linger(null)
    document.documentElement.classList.remove('dragging')
  }
}
