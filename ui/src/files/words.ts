/** What is said of a file: how large it is, and how it stands with it. */
import { Problem } from '../backend/backend'
import type { FileRow } from '../backend/bindings'
import { m } from '../paraglide/messages'
import { problemSentence } from '../problem/sentence'
import { number } from '../settings/language'

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']

/** Returns a size as people of this place write it. */
export function sizeOf(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), UNITS.length - 1)
  const maximumFractionDigits = step > 1 ? 1 : 0
  const style = { style: 'unit', unit: UNITS[step], unitDisplay: 'short', maximumFractionDigits } as const
  return number(bytes / 1000 ** step, style)
}

/** Returns how far a file is, as people of this place write it; empty before it has begun. */
export function progressOf(row: Pick<FileRow, 'done' | 'size'>): string {
  if (row.done <= 0 || row.size <= 0) return ''
  return number(Math.min(row.done / row.size, 1), { style: 'percent' })
}

/** Says whether a file's bytes are on this device. */
export function isHere(row: FileRow): boolean {
  return row.state === 'here' || row.state === 'uploading' || row.state === 'refused'
}

/** Returns what a person should know of a file; empty when there is nothing. */
export function stateOf(row: FileRow): string {
  if (row.problem) return problemSentence(new Problem(row.problem))
  const progress = progressOf(row)
  switch (row.state) {
    case 'here':
    case 'refused':
      return ''
    case 'uploading':
      return progress ? m.file_uploading({ progress }) : m.file_waiting()
    case 'coming':
      return progress ? m.file_coming({ progress }) : m.file_expected()
    case 'missing':
      return m.file_missing()
  }
}
