/** The sentence for each problem: what happened, what is safe, what to do next. Written here once. */
import type { Problem } from '../backend/backend'
import { m } from '../paraglide/messages'

const SENTENCES: Record<string, () => string> = {
  disk_full: m.problem_disk_full,
  corrupt: m.problem_corrupt,
  newer: m.problem_newer,
  locked: m.problem_locked,
  invalid: m.problem_invalid,
  too_large: m.problem_too_large,
  invitation: m.problem_invitation,
  credentials: m.problem_credentials,
  email_taken: m.problem_email_taken,
  field: m.problem_field,
  busy: m.problem_busy,
  not_a_relay: m.problem_not_a_relay,
  unreachable: m.problem_unreachable,
  insecure: m.problem_insecure,
  unauthenticated: m.problem_signed_out,
  revoked: m.problem_signed_out,
  not_found: m.problem_not_found,
}

/** Returns what to tell a person. */
export function problemSentence(problem: Problem): string {
  return (SENTENCES[problem.code] ?? m.problem_internal)()
}
