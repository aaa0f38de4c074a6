/** The menu that opens while somebody types behind a sign: what it offers, and which line the keys have reached. */
import type { ChainedCommands } from '@tiptap/core'
import type { Component } from 'svelte'

/** Something that can be chosen. */
export interface Choice {
  id: string
  /** What it stands under; neighbours of one group stand together. Empty: nothing. */
  group: string
  name: string
  /** What else it may be found by. */
  words?: readonly string[]
  /** What is typed to get the same without a menu. */
  hint?: string
  /** Its sign: an icon, or a character. */
  icon?: Component<{ size?: number; 'aria-hidden'?: 'true' }> | string
  /** Does it: what was typed is gone, and the caret is there. */
  run(chain: ChainedCommands): ChainedCommands
}

/** The menu of one editor. */
export class Menu {
  /** What is offered; empty while it is closed. */
  choices = $state.raw<readonly Choice[]>([])
  /** What it is called. */
  label = $state('')
  /** The line that Enter chooses. */
  reached = $state(0)
  /** The menu in the page. */
  element: HTMLElement | undefined = $state.raw()
  #choose: (choice: Choice) => void = () => {}

  get isOpen(): boolean {
    return this.choices.length > 0
  }

  /** Offers these. What the keys had reached stays reached while the question is the same. */
  show(label: string, choices: readonly Choice[], choose: (choice: Choice) => void): void {
    const isSame =
      choices.length === this.choices.length && choices.every(({ id }, at) => id === this.choices[at]?.id)
    if (!isSame) this.reached = 0
    this.label = label
    this.choices = choices
    this.#choose = choose
  }

  close(): void {
    this.choices = []
    this.reached = 0
  }

  /** Chooses a line. */
  choose(at: number): void {
    const choice = this.choices[at]
    if (choice) this.#choose(choice)
  }

  /** Takes a key that is the menu's; says whether it was. */
  press(event: KeyboardEvent): boolean {
    const count = this.choices.length
    if (count === 0 || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key === 'ArrowDown') this.reached = (this.reached + 1) % count
    else if (event.key === 'ArrowUp') this.reached = (this.reached + count - 1) % count
    else if (event.key === 'Enter' || event.key === 'Tab') this.choose(this.reached)
    else return false
    return true
  }
}
