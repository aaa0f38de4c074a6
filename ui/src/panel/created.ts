/** When a document was made: its id begins with that (RFC 9562, version 7). Pure. */

/** Returns the milliseconds since 1970; null for an id that says nothing of it. */
export function createdAt(id: string): number | null {
  const [, high = '', low = ''] = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab]/iu.exec(id) ?? []
  return high ? Number.parseInt(high + low, 16) : null
}
