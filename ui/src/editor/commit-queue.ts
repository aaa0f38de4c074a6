/**
 * The road from the editor to the disk: one commit in flight, in order, the rest follows together.
 *
 * Commands of the shell run side by side; without this queue two keystrokes could be stored the wrong way round. A commit
 * that fails is tried again before anything later, and until it succeeds the document says "not saved".
 */
import * as Y from 'yjs'

/** What the person is told about what they wrote. */
export type Saving = 'saved' | 'saving' | 'not saved'

/** Stores one update; resolves when it is durable. */
export type Commit = (update: Uint8Array) => Promise<void>

/** A refusal that trying again cannot cure: the replica's validator said no. */
export type IsFinal = (error: unknown) => boolean

/** What the queue tells its owner. */
export interface QueueReports {
  /** The state changed. */
  saving(state: Saving, error?: unknown): void
  /** An update will never be stored. */
  refused(error: unknown): void
}

/** Waits of one document, in milliseconds, between tries of a commit that failed. */
const PAUSES = [50, 200, 1000, 3000]
/** Above this many bytes, what waits is sent in pieces, so that no commit grows without bound. */
const MERGE_LIMIT = 256 * 1024
/**
 * Folded updates do not join, and what builds on its neighbour so many times is costly to take in: a replica takes at
 * most 8 MiB of "place in the run times bytes", summed. Pieces whose count times bytes is below half of it always pass.
 */
const CHAIN_LIMIT = 4 * 1024 * 1024

/** The ordered commits of one document. */
export class CommitQueue {
  #waiting: Uint8Array[] = []
  /** As many of the first that wait go one by one: together they were refused. */
  #alone = 0
  #running = false
  #failures = 0
  #idle: (() => void)[] = []
  #hurry: () => void = () => {}

  constructor(
    private readonly commit: Commit,
    private readonly isFinal: IsFinal,
    private readonly reports: QueueReports,
    private readonly pause: (ms: number) => Promise<void> = (ms) =>
      new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  /** Tries a commit that failed again at once. */
  hurry(): void {
    this.#hurry()
  }

  /** Takes one update, which will be stored after everything taken before it. */
  push(update: Uint8Array): void {
    this.#waiting.push(update)
    if (!this.#running) void this.#run()
  }

  /** Resolves when everything taken so far is stored (or refused for good). */
  settled(): Promise<void> {
    if (!this.#running) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  async #run(): Promise<void> {
    this.#running = true
    this.reports.saving('saving')
    while (this.#waiting.length > 0) {
      const batch = this.#next()
      try {
        await this.commit(batch.update)
        this.#take(batch.count)
        this.#failures = 0
      } catch (error) {
        if (this.isFinal(error) && batch.count > 1) {
          this.#alone = batch.count // perhaps only one of them is at fault, or only their sum
          continue
        }
        if (this.isFinal(error)) {
          this.#take(batch.count)
          this.reports.refused(error)
          continue
        }
        this.reports.saving('not saved', error)
        const hurried = new Promise<void>((resolve) => {
          this.#hurry = resolve
        })
        await Promise.race([hurried, this.pause(PAUSES[Math.min(this.#failures, PAUSES.length - 1)] ?? 3000)])
        this.#failures += 1
      }
    }
    this.#running = false
    this.reports.saving('saved')
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #take(count: number): void {
    this.#waiting.splice(0, count)
    this.#alone = Math.max(0, this.#alone - count)
  }

  /** Returns what goes into the next commit: everything that waits, folded, up to the limits. */
  #next(): { update: Uint8Array; count: number } {
    let size = 0
    let count = 0
    for (const update of this.#waiting) {
      const sum = size + update.byteLength
      const isTooMuch = sum > MERGE_LIMIT || sum * (count + 1) > CHAIN_LIMIT
      if (count > 0 && (this.#alone > 0 || isTooMuch)) break
      size = sum
      count += 1
    }
    const updates = this.#waiting.slice(0, count)
    const [first] = updates
    return { update: count === 1 && first ? first : Y.mergeUpdates(updates), count }
  }
}
