/** What was found of what somebody types: the answer stays until there is another one, so that nothing blinks. */
import type { Backend } from '../backend/backend'
import type { Found, PlaceRow } from '../backend/bindings'

/** So many documents are shown. */
const HITS = 20

/** While documents are still to be looked through, the question is asked again after so many milliseconds. */
const AGAIN = 400

/** A question that is being typed. */
export class Finding {
  /** What was found last; null before anything was asked. */
  found = $state.raw<Found | null>(null)
  /** What that was found for. */
  asked = $state('')
  /** The documents that were opened last. */
  recent = $state.raw<PlaceRow[]>([])
  /** The search does not work. */
  failed = $state(false)
  #turn = 0
  #again: ReturnType<typeof setTimeout> | undefined

  constructor(readonly backend: Backend) {}

  /** Begins with nothing typed; resolves when there is something to show. */
  async begin(): Promise<void> {
    this.end()
    this.found = null
    this.asked = ''
    this.recent = await this.backend.recent().catch(() => [])
  }

  /** Asks what somebody has typed so far. */
  async ask(text: string): Promise<void> {
    this.end()
    const turn = this.#turn
    if (text.trim() === '') {
      this.found = null
      this.asked = ''
      return
    }
    const answer = await this.backend.search(text, HITS).catch(() => 'failed' as const)
    if (turn !== this.#turn || answer === null) return
    this.failed = answer === 'failed'
    this.found = answer === 'failed' ? { documents: [], people: [], left: 0 } : answer
    this.asked = text
    if (this.found.left > 0) this.#again = setTimeout(() => void this.ask(text), AGAIN)
  }

  /** Whatever is still on its way is not wanted any more. */
  end(): void {
    this.#turn += 1
    clearTimeout(this.#again)
  }
}
