/** An id tells when its document was made, if it is one that does. */
import { expect, test } from 'vitest'
import { createdAt } from './created'

test('an id of version 7 says when it was made', () => {
  // The example of RFC 9562, appendix A.6.
  expect(createdAt('017F22E2-79B0-7CC3-98C4-DC0C0C07398F')).toBe(Date.UTC(2022, 1, 22, 19, 22, 22))
})

test('others say nothing, and are not guessed at', () => {
  for (const id of ['welcome', '919108f7-52d1-4320-9bac-f847db4148a8', '', '017f22e2-79b0-7cc3']) {
    expect(createdAt(id), id).toBeNull()
  }
})
