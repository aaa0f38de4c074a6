/** Which rows of a long list are drawn: those in view and some beside them. Pure. */
import { ROW } from './drop'

/** Rows that are drawn beyond each edge. */
const BESIDE = 12
/** The first drawn row changes by so many at a time, so that scrolling a little draws nothing anew. */
const STRIDE = 8

/** Returns the drawn rows as [from, to). `top` is how far the list is scrolled beyond its first row; `height` what is seen. */
export function inView(count: number, top: number, height: number): [number, number] {
  const first = Math.floor(top / ROW) - BESIDE
  const from = Math.min(Math.max(Math.floor(first / STRIDE) * STRIDE, 0), count)
  const rows = Math.ceil(height / ROW) + 2 * BESIDE + STRIDE
  return [from, Math.min(Math.max(from + rows, 0), count)]
}
