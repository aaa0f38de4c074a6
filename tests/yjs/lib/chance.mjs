// Seeded chance (mulberry32), so that every vector and every schedule can be made again from its number.

export function chance(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return {
    /** A whole number from 0 up to, not including, `end`. */
    below: (end) => Math.floor(next() * end),
    /** True once in `n` times. */
    once: (n) => next() * n < 1,
    pick: (list) => list[Math.floor(next() * list.length)],
    fraction: next,
  }
}
