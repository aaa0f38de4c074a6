/** What the status line says: one honest sentence about what was written here, and a tone that never stands alone. */
import type { Sync } from '../backend/bindings'
import type { Saving } from '../editor/commit-queue'
import { m } from '../paraglide/messages'
import { number } from '../settings/language'

/** How all that was written here is kept. `rescued`: the disk will never take some of it; only the window has it. */
export type Kept = Saving | 'rescued'

/** How the dot beside the sentence looks. */
export type Tone = 'good' | 'calm' | 'waiting' | 'bad'

/** A sentence and its tone. */
export interface Sentence {
  text: string
  tone: Tone
}

/** As many changes are told as a number: it falls while a whole workspace goes out. Few are letters of one sentence. */
const MANY = 200

/**
 * Returns what to say. What is not on this device's disk comes first, what a person has to settle next, then the relay. Of
 * a workspace that is not open (`null`) nothing is claimed.
 */
export function sentence(kept: Kept, sync: Sync | null): Sentence {
  if (kept === 'not saved') return { text: m.status_not_saved(), tone: 'bad' }
  if (kept === 'rescued') return { text: m.status_rescued(), tone: 'bad' }
  if (!sync) return { text: m.status_unopened(), tone: 'bad' }
  const said = aboutRelay(sync, kept === 'saving')
  return kept === 'saved' || !said.claims ? said : { text: m.status_saving(), tone: 'calm' }
}

/** Returns what to say of the relay, and whether that claims that everything is on the disk. */
function aboutRelay(sync: Sync, isWriting: boolean): Sentence & { claims: boolean } {
  const claim = (tone: Tone, text: string) => ({ text, tone, claims: true })
  const plain = (tone: Tone, text: string) => ({ text, tone, claims: false })
  switch (sync.state) {
    case 'refused':
      return plain(
        'bad',
        sync.documents > 0 ? m.status_refused({ count: sync.documents }) : m.status_refused_move(),
      )
    case 'local':
      return claim('good', m.status_local())
    case 'synced':
      return claim('good', m.status_synced())
    case 'catching_up':
      return plain(
        'waiting',
        m.status_catching_up({ through: number(sync.through), head: number(sync.head) }),
      )
    case 'connecting':
      return claim('waiting', m.status_connecting())
    case 'sending': {
      const isBulk = sync.waiting >= MANY
      return claim(
        'waiting',
        isBulk ? m.status_sending_many({ shown: number(sync.waiting) }) : m.status_sending(),
      )
    }
    case 'offline': {
      const isWaiting = sync.waiting > 0 || isWriting
      return isWaiting ? plain('waiting', m.status_offline_waiting()) : claim('waiting', m.status_offline())
    }
    case 'signed_out': {
      const isWaiting = sync.waiting > 0 || isWriting
      return plain('bad', isWaiting ? m.status_signed_out_waiting() : m.status_signed_out())
    }
    case 'turned_away':
      return claim('bad', sync.code === 'version' ? m.status_version() : m.status_turned_away())
  }
}
