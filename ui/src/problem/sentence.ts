/** The sentence for each problem: what happened, what is safe, what to do next. Written here once. */
import type { Problem } from '../backend/backend'
import type { ProblemCode } from '../backend/bindings'
import { m } from '../paraglide/messages'

/** Every code that the desktop app has, and no other: the type holds the two lists together. */
const SENTENCES: Record<ProblemCode, () => string> = {
  disk_full: m.problem_disk_full,
  corrupt: m.problem_corrupt,
  newer: m.problem_newer,
  locked: m.problem_locked,
  invalid: m.problem_invalid,
  too_large: m.problem_too_large,
  not_found: m.problem_not_found,
  not_here: m.problem_not_here,
  internal: m.problem_internal,
  invitation: m.problem_invitation,
  credentials: m.problem_credentials,
  email_taken: m.problem_email_taken,
  field: m.problem_field,
  other_person: m.problem_other_person,
  other_workspace: m.problem_other_workspace,
  signed_out: m.problem_signed_out,
  insecure: m.problem_insecure,
  unreachable: m.problem_unreachable,
  not_a_relay: m.problem_not_a_relay,
  version: m.problem_version,
  busy: m.problem_busy,
  no_keychain: m.problem_no_keychain,
  keychain_locked: m.problem_keychain_locked,
  not_brought: m.problem_not_brought,
  cycle: m.problem_cycle,
  no_parent: m.problem_no_parent,
  too_deep: m.problem_too_deep,
  file_too_large: m.problem_file_too_large,
  file_no_room: m.problem_file_no_room,
  file_gone: m.problem_file_gone,
  file_failed: m.problem_file_failed,
  cancelled: m.problem_cancelled,
}

/** Returns what to tell a person. What no list knows comes from the page itself. */
export function problemSentence(problem: Pick<Problem, 'code'>): string {
  return (SENTENCES[problem.code as ProblemCode] ?? m.problem_internal)()
}
