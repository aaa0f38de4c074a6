/** Why a change of the tree was refused, in a sentence for each code; the names in it are the people's own. */
import type { RefusedRecord } from '../backend/bindings'
import { m } from '../paraglide/messages'

/** The names of a refused move. */
export interface Names {
  /** The document. */
  name: string
  /** What it should have gone under; null where that is not known here. */
  into: string | null
}

/** Returns what to tell a person, by code and names. */
export function refusalSentence(
  record: Pick<RefusedRecord, 'code' | 'document' | 'title'>,
  { name, into }: Names,
): string {
  if (record.document === null)
    return record.title ? m.file_refused({ name: record.title }) : m.move_refused_person()
  switch (record.code) {
    case 'cycle':
      return into === null ? m.move_refused_cycle_unnamed({ name }) : m.move_refused_cycle({ name, into })
    case 'no_parent':
      return m.move_refused_no_parent({ name })
    case 'too_deep':
      return m.move_refused_too_deep({ name })
    case 'workspace_full':
      return m.move_refused_workspace_full({ name })
    case 'forbidden':
      return m.move_refused_forbidden({ name })
    default:
      return m.move_refused({ name })
  }
}
