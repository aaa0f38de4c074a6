/** Whether the window is dark now, for what is drawn where no style sheet reaches; it says `change` as a media query does. */
class Dark extends EventTarget {
  #is = false

  get matches(): boolean {
    return this.#is
  }

  set matches(is: boolean) {
    if (is === this.#is) return
    this.#is = is
    this.dispatchEvent(new Event('change'))
  }
}

export const dark = new Dark()
