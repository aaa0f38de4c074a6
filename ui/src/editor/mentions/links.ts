/**
 * Links to documents and mentions of people: what is offered for what was typed, how something is called now, and where a
 * click leads. The editor asks this; what answers is the workspace.
 */
import type { Backend } from '../../backend/backend'
import { matching } from '../menu/match'

/** What can be mentioned. */
export interface Suggested {
  kind: 'document' | 'person'
  id: string
  label: string
  icon: string
}

/** What the editor asks of the workspace. */
export interface Links {
  /** Returns what fits, the best first. */
  suggest(typed: string, kind: 'document' | 'any'): Promise<Suggested[]>
  /** Returns what documents are called now, of those that there are. */
  titles(documents: string[]): Promise<Map<string, string>>
  /** Goes to a document. */
  open(document: string): void
}

/** As many are offered. */
const MOST = 12

/** Makes the links of a workspace. */
export function linksOf(backend: Backend, open: (document: string) => void): Links {
  return {
    open,
    async suggest(typed, kind) {
      const documents = typed ? await titled(backend, typed) : await recent(backend)
      const people = kind === 'any' ? await everyone(backend) : []
      return [...matching(people, typed, ({ label }) => [label]), ...documents].slice(0, MOST)
    },
    async titles(documents) {
      const rows = documents.length > 0 ? await backend.places(documents) : []
      return new Map(rows.map(({ id, title }) => [id, title]))
    },
  }
}

/** Returns the documents with these words in their titles, the best first. */
async function titled(backend: Backend, typed: string): Promise<Suggested[]> {
  const found = await backend.search(typed, 2 * MOST)
  return (found?.documents ?? [])
    .filter(({ found_in }) => found_in === 'title')
    .map(({ id, title, icon }) => ({ kind: 'document', id, label: title.text, icon }))
}

async function recent(backend: Backend): Promise<Suggested[]> {
  const rows = await backend.recent()
  return rows
    .filter(({ title, trashed }) => title && !trashed)
    .map(({ id, title, icon }) => ({ kind: 'document', id, label: title, icon }))
}

async function everyone(backend: Backend): Promise<Suggested[]> {
  try {
    const { people } = await backend.members(false)
    return people.map(({ id, name }) => ({ kind: 'person', id, label: name, icon: '' }))
  } catch {
    return [] // a workspace on this device has nobody else
  }
}
