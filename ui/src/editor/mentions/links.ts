/**
 * Links to documents and mentions of people: what is offered for what was typed, how something is called now, and where a
 * click leads. The editor asks this; what answers is the workspace.
 */
import type { Backend } from '../../backend/backend'
import type { PlaceRow } from '../../backend/bindings'
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
/** As many documents are looked through, a page of a level at a time. */
const [ALL, PAGE] = [600, 100]

/** Makes the links of a workspace. */
export function linksOf(backend: Backend, open: (document: string) => void): Links {
  return {
    open,
    async suggest(typed, kind) {
      const documents = (typed ? await everything(backend) : await backend.recent())
        .filter(({ title, trashed }) => title && !trashed)
        .map(({ id, title, icon }): Suggested => ({ kind: 'document', id, label: title, icon }))
      const people = kind === 'any' ? await everyone(backend) : []
      return matching([...people, ...documents], typed, ({ label }) => [label]).slice(0, MOST)
    },
    async titles(documents) {
      const rows = documents.length > 0 ? await backend.places(documents) : []
      return new Map(rows.map(({ id, title }) => [id, title]))
    },
  }
}

async function everyone(backend: Backend): Promise<Suggested[]> {
  try {
    const { people } = await backend.members(false)
    return people.map(({ id, name }) => ({ kind: 'person', id, label: name, icon: '' }))
  } catch {
    return [] // a workspace on this device has nobody else
  }
}

/** Returns the documents, the upper levels first. */
async function everything(backend: Backend): Promise<PlaceRow[]> {
  const found: PlaceRow[] = []
  const levels: (string | null)[] = [null]
  for (let under = levels.shift(); under !== undefined && found.length < ALL; under = levels.shift()) {
    let rows: PlaceRow[] = []
    do {
      const last = rows.at(-1)
      rows = await backend.level({ under }, last ? { order: last.order, id: last.id } : null, PAGE)
      found.push(...rows)
      levels.push(...rows.filter(({ children }) => children > 0).map(({ id }) => id))
    } while (rows.length === PAGE && found.length < ALL)
  }
  return found
}
