/** What the status line says: one honest sentence about what was written here, and a tone that never stands alone. */
import type { Sync } from '../backend/bindings'
import type { Saving } from '../editor/commit-queue'
import { m } from '../paraglide/messages'

/** How the dot beside the sentence looks. */
export type Tone = 'good' | 'waiting' | 'bad'

/** A sentence and its tone. */
export interface Sentence {
  text: string
  tone: Tone
}

/** Returns a count as people of this place write it. */
const shown = (count: number) => new Intl.NumberFormat().format(count)

/** Returns what to say. What is not on this device's disk comes first, a refusal next, then the relay. */
export function sentence(saving: Saving, sync: Sync): Sentence {
  if (saving === 'not saved') return { text: m.status_not_saved(), tone: 'bad' }
  if (saving === 'saving') return { text: m.status_saving(), tone: 'waiting' }
  switch (sync.state) {
    case 'refused':
      return { text: m.status_refused({ count: sync.documents }), tone: 'bad' }
    case 'local':
      return { text: m.status_local(), tone: 'good' }
    case 'synced':
      return { text: m.status_synced(), tone: 'good' }
    case 'catching_up':
      return {
        text: m.status_catching_up({ through: shown(sync.through), head: shown(sync.head) }),
        tone: 'waiting',
      }
    case 'connecting':
      return { text: m.status_connecting(), tone: 'waiting' }
    case 'sending':
      return { text: m.status_sending({ count: sync.waiting, shown: shown(sync.waiting) }), tone: 'waiting' }
    case 'offline':
      return {
        text:
          sync.waiting === 0
            ? m.status_offline()
            : m.status_offline_waiting({ count: sync.waiting, shown: shown(sync.waiting) }),
        tone: 'waiting',
      }
    case 'signed_out':
      return {
        text:
          sync.waiting === 0
            ? m.status_signed_out()
            : m.status_signed_out_waiting({ count: sync.waiting, shown: shown(sync.waiting) }),
        tone: 'bad',
      }
    case 'turned_away':
      return { text: sync.code === 'version' ? m.status_version() : m.status_turned_away(), tone: 'bad' }
  }
}
