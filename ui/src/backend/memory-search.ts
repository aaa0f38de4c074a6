/** Search over documents in memory, as far as the interface needs it: whole words and their beginnings, and two filters. */
import { linesOf } from '../document/words'
import type { Found, Hit, Passage } from './bindings'
import type { Member, MemoryTeam } from './memory-team'

/** Characters before and behind the first word in a snippet. */
const [BEFORE, BEHIND] = [40, 120]

/** Finds documents and people of a team in memory. */
export function searchTeam(
  team: MemoryTeam<Member & { me: { id: string; name: string } }>,
  text: string,
  limit: number,
): Found {
  const by = /by:"([^"]*)"/u.exec(text)?.[1]
  const isTrash = /\bin:trash\b/u.test(text)
  const words = fold(text.replace(/by:"[^"]*"|in:trash/gu, '')).match(/[\p{L}\p{N}]+/gu) ?? []
  if (words.length === 0 && by === undefined && !isTrash) return { documents: [], people: [], left: 0 }
  const documents: Hit[] = []
  for (const id of team.ids()) {
    const path = team.places.path(id)
    if (path.some((above) => team.places.get(above).trashed) !== isTrash) continue
    const doc = team.documents.get(id)
    const title = team.titleOf(id)
    const body = doc ? linesOf(doc).slice(1).join(' ') : ''
    const [inTitle, inText] = [marks(title, words), marks(body, words)]
    const hasAll = words.every((word) => inTitle.has(word) || inText.has(word))
    if (!hasAll) continue
    documents.push({
      id,
      title: passage(title, inTitle),
      icon: team.places.get(id).icon,
      path: path.slice(0, -1).map((above) => team.titleOf(above)),
      found_in: words.every((word) => inTitle.has(word)) ? 'title' : 'text',
      snippet: cut(passage(body, inText)),
      updated_at: 1,
    })
  }
  documents.sort((a, b) => Number(b.found_in === 'title') - Number(a.found_in === 'title'))
  const people = [...team.members].map(({ me }) => me)
  return {
    documents: documents.slice(0, limit),
    people:
      by === undefined
        ? people.filter(({ name }) => words.every((word) => marks(name, words).has(word)))
        : [],
    left: 0,
  }
}

/** Returns where each of the words begins a word of a text. */
function marks(text: string, words: string[]): Map<string, [number, number][]> {
  const found = new Map<string, [number, number][]>()
  for (const match of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    const word = words.find((word) => fold(match[0]).startsWith(word))
    if (word !== undefined)
      found.set(word, [...(found.get(word) ?? []), [match.index, match.index + match[0].length]])
  }
  return found
}

function passage(text: string, found: Map<string, [number, number][]>): Passage {
  return { text, marks: [...found.values()].flat().sort(([a], [b]) => a - b) }
}

/** Cuts a passage out around the first word. */
function cut({ text, marks }: Passage): Passage {
  const at = Math.max(0, (marks[0]?.[0] ?? 0) - BEFORE)
  const lead = at > 0 ? '…' : ''
  const piece = text.slice(at, at + BEFORE + BEHIND)
  const within = marks.filter(([from, to]) => from >= at && to <= at + piece.length)
  const move = lead.length - at
  return { text: lead + piece, marks: within.map(([from, to]) => [from + move, to + move]) }
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
