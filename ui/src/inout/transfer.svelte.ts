/** What the person brings in or takes out: one thing at a time, from the choice to the report. */
import { type Backend, type BackendEvent, Problem } from '../backend/backend'
import type { Choice, Exported, Format, Imported, Scope, Surveyed } from '../backend/bindings'

/** A document to be taken out. */
export interface Subject {
  id: string
  title: string
  /** Something stands under it. */
  nests: boolean
}

/** How far it is. */
export type Step =
  | { at: 'closed' }
  /** What was chosen, before it is brought in. */
  | { at: 'found'; found: Surveyed }
  /** What is to be taken out, before it is said where to; null for everything. */
  | { at: 'asked'; subject: Subject | null }
  | { at: 'under way'; out: boolean; done: number; total: number; path: string; ending: boolean }
  | { at: 'imported'; report: Imported }
  | { at: 'exported'; report: Exported }
  | { at: 'failed'; problem: Problem }

/** The state behind the dialog. */
export class Transfer {
  step = $state.raw<Step>({ at: 'closed' })

  constructor(private readonly backend: Backend) {}

  /** The dialog is shown. */
  get isOpen(): boolean {
    return this.step.at !== 'closed'
  }

  /** Lets the person choose what to bring in. */
  async choose(what: Choice): Promise<void> {
    await this.#try(async () => {
      const found = await this.backend.chooseImport(what)
      if (found) this.step = { at: 'found', found }
    })
  }

  /** Brings in what was chosen. */
  async bringIn(): Promise<void> {
    this.#begin(false)
    await this.#try(async () => {
      this.step = { at: 'imported', report: await this.backend.import(null) }
    })
  }

  /** Asks what to take out, and as what. */
  ask(subject: Subject | null): void {
    this.step = { at: 'asked', subject }
  }

  /** Takes something out; the person says where to in a dialog of the system's. */
  async takeOut(scope: Scope, format: Format): Promise<void> {
    const asked = this.step
    this.#begin(true)
    await this.#try(async () => {
      const report = await this.backend.export(scope, format)
      this.step = report ? { at: 'exported', report } : asked
    })
  }

  /** Ends what is under way; else closes the dialog. */
  async end(): Promise<void> {
    if (this.step.at !== 'under way') {
      this.step = { at: 'closed' }
      return
    }
    this.step = { ...this.step, ending: true }
    await this.backend.cancelTransfer().catch(() => {})
  }

  /** Hears how far it is. */
  hear(event: BackendEvent): void {
    if (event.kind !== 'transfer' || this.step.at !== 'under way') return
    const { done, total, path } = event
    this.step = { ...this.step, done, total, path }
  }

  #begin(out: boolean): void {
    this.step = { at: 'under way', out, done: 0, total: 0, path: '', ending: false }
  }

  async #try(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (thrown) {
      const problem = Problem.of(thrown)
      this.step = problem.code === 'cancelled' ? { at: 'closed' } : { at: 'failed', problem }
    }
  }
}
