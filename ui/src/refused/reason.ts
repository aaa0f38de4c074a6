/** Why a relay refused changes, in a sentence for each code. */
import { m } from '../paraglide/messages'

const REASONS: Record<string, () => string> = {
  forbidden: m.reason_forbidden,
  gone: m.reason_gone,
  too_large: m.reason_too_large,
  document_full: m.reason_document_full,
  client_id_taken: m.reason_client_id_taken,
  invalid: m.reason_invalid,
}

/** Returns what to tell a person. */
export function reasonSentence(code: string): string {
  return (REASONS[code] ?? m.reason_unknown)()
}
