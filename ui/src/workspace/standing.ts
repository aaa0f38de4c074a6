/** What the menu says of each workspace: its name, a few honest words on how it stands, and a tone that never stands alone. */
import type { ProblemCode, Workspace } from '../backend/bindings'
import { m } from '../paraglide/messages'
import type { Sentence } from '../status/sentence'

/** Why one does not open, where a few words say it. */
const SHUT: Partial<Record<ProblemCode, () => string>> = {
  locked: m.standing_locked,
  corrupt: m.standing_corrupt,
  newer: m.standing_newer,
}

/** Returns how a workspace stands. */
export function standing({ sync, problem }: Pick<Workspace, 'sync' | 'problem'>): Sentence {
  if (problem) return { text: (SHUT[problem] ?? m.standing_shut)(), tone: 'bad' }
  switch (sync?.state) {
    case undefined:
      return { text: m.standing_opening(), tone: 'calm' }
    case 'local':
      return { text: m.status_local(), tone: 'good' }
    case 'synced':
      return { text: m.status_synced(), tone: 'good' }
    case 'connecting':
      return { text: m.standing_connecting(), tone: 'waiting' }
    case 'catching_up':
      return { text: m.standing_catching_up(), tone: 'waiting' }
    case 'sending':
      return { text: m.standing_sending({ count: sync.waiting }), tone: 'waiting' }
    case 'offline':
      return { text: m.standing_offline({ count: sync.waiting }), tone: 'waiting' }
    case 'signed_out':
      return { text: m.standing_signed_out({ count: sync.waiting }), tone: 'bad' }
    case 'turned_away':
      return { text: sync.code === 'version' ? m.standing_version() : m.standing_turned_away(), tone: 'bad' }
    case 'refused':
      return { text: m.standing_refused(), tone: 'bad' }
  }
}

/** Returns what to call a workspace. One whose file cannot be read does not say its name. */
export function nameOf({ name, problem }: Workspace): string {
  return name ?? (problem && problem !== 'locked' ? m.workspace_unreadable() : m.this_device())
}

/** Returns the list with this row in the place of its older self, or at the end. */
export function withRow(rows: Workspace[], row: Workspace): Workspace[] {
  const isThere = rows.some(({ id }) => id === row.id)
  return isThere ? rows.map((other) => (other.id === row.id ? row : other)) : [...rows, row]
}
