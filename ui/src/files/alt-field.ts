/** What a picture shows, in words, for whoever does not see it: a button that says whether there are any, and their field. */
import { m } from '../paraglide/messages'

/** Makes it; `keep` hears the words once they are written, and `set` says which there are. */
export function altField(keep: (words: string) => void): { dom: HTMLElement; set(words: string): void } {
  const dom = document.createElement('div')
  const button = document.createElement('button')
  const field = document.createElement('input')
  dom.className = 'figure-alt'
  button.type = 'button'
  button.className = 'button small'
  field.className = 'field'
  field.maxLength = 1000
  field.placeholder = m.figure_alt_hint()
  field.setAttribute('aria-label', m.figure_alt())
  let words = ''

  const close = (isKept: boolean) => {
    if (!dom.contains(field)) return
    const written = field.value.trim()
    dom.replaceChildren(button)
    if (isKept && written !== words) keep(written)
  }
  button.addEventListener('click', () => {
    field.value = words
    dom.replaceChildren(field)
    field.focus()
  })
  field.addEventListener('blur', () => close(true))
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' && event.key !== 'Escape') return
    event.preventDefault()
    close(event.key === 'Enter')
    button.focus()
  })
  dom.append(button)

  return {
    dom,
    set(next) {
      words = next
      button.textContent = words ? m.figure_alt_change() : m.figure_alt_add()
      button.title = words || m.figure_alt_hint()
    },
  }
}
