/** The tree over a replica: what is read, how often, and what a change costs. */
import { describe, expect, it, vi } from 'vitest'
import { MemoryBackend } from '../backend/memory'
import { TreeState } from './tree.svelte'

const ALL = 10_000

async function opened(
  fill: (backend: MemoryBackend) => void,
): Promise<{ backend: MemoryBackend; tree: TreeState }> {
  const backend = new MemoryBackend()
  fill(backend)
  const tree = new TreeState(backend)
  backend.listen((event) => {
    if (event.kind === 'places') void tree.changed(event.documents)
  })
  await tree.start((await backend.start()).tree)
  return { backend, tree }
}

const ids = (tree: TreeState) => tree.lines.map(({ id, depth }) => `${'. '.repeat(depth)}${id ?? '…'}`)

function harbour({ team }: MemoryBackend): void {
  team.seed('expedition', 'Expedition')
  team.seed('ferry', 'Ferry timetable', undefined, 'expedition')
  team.seed('crew', 'Crew', undefined, 'expedition')
  team.seed('minutes', 'Minutes')
}

describe('the tree', () => {
  it('reads what is seen, and the rest when somebody opens it', async () => {
    const { backend, tree } = await opened(harbour)
    expect(ids(tree)).toEqual(['expedition', 'minutes'])
    expect(tree.row('ferry'), 'nobody asked for it').toBeUndefined()
    tree.setOpen('expedition', true)
    expect(ids(tree)).toEqual(['expedition', '. …', '. …', 'minutes'])
    tree.look(tree.lines)
    await vi.waitFor(() => expect(ids(tree)).toEqual(['expedition', '. ferry', '. crew', 'minutes']))
    await vi.waitFor(() => expect(backend.remembered.expanded).toEqual(['expedition']))
  })

  it('follows what colleagues do: a move, a title, a document that is new', async () => {
    const { backend, tree } = await opened(harbour)
    const tomas = new MemoryBackend(backend.team, { id: 'tomas', name: 'Tomás' })
    await tomas.move('crew', null, 'first')
    await vi.waitFor(() => expect(ids(tree)).toEqual(['crew', 'expedition', 'minutes']))
    await tomas.rename('minutes', 'Minutes, week 46')
    await vi.waitFor(() => expect(tree.row('minutes')?.title).toBe('Minutes, week 46'))
    await tomas.move('ferry', 'minutes', 'last')
    await vi.waitFor(() => expect(tree.isOpen('expedition'), 'nothing is left in it').toBeNull())
    expect(tree.isOpen('minutes'), 'and something is here now').toBe(false)
  })

  it('tells why something was not done, and is as it was', async () => {
    const { tree } = await opened(harbour)
    await tree.move('expedition', { parent: 'ferry', after: 'last' })
    expect(tree.problem?.code).toBe('cycle')
    expect(ids(tree)).toEqual(['expedition', 'minutes'])
  })

  it('puts a document with all below it into the trash, and back to where it was', async () => {
    const { tree } = await opened(harbour)
    await tree.trash('expedition')
    await vi.waitFor(() => expect(ids(tree)).toEqual(['minutes']))
    expect(tree.trashed).toEqual({ id: 'expedition', title: 'Expedition' })
    await tree.restore('expedition')
    await vi.waitFor(() => expect(ids(tree)).toEqual(['expedition', 'minutes']))
    expect(tree.trashed).toBeNull()
  })

  it('shows what has no way to the top beside the tree, and lets it be put into it', async () => {
    const { backend, tree } = await opened((backend) => {
      harbour(backend)
      backend.team.places.put('expedition', 'ferry', 'last') // a circle, as a backup may bring back
    })
    await vi.waitFor(() =>
      expect(tree.recovered.map(({ id }) => id)).toEqual(['expedition', 'ferry', 'crew']),
    )
    expect(ids(tree)).toEqual(['minutes'])
    await tree.move('expedition', { parent: null, after: 'first' })
    await vi.waitFor(() => expect(tree.recovered).toEqual([]))
    expect(ids(tree)).toEqual(['expedition', 'minutes'])
    expect(backend.team.documents.size).toBe(4)
  })

  it('makes a document beside the open one, and shows where that is', async () => {
    const { backend, tree } = await opened(harbour)
    const id = await tree.createBeside('ferry')
    await vi.waitFor(() =>
      expect(ids(tree)).toEqual(['expedition', '. ferry', `. ${id}`, '. crew', 'minutes']),
    )
    expect(tree.wanted).toBe(id)
    await backend.trash('crew', true)
    const last = await tree.createBeside('crew')
    await vi.waitFor(() => expect(ids(tree).at(-1)).toBe(last))
  })

  it('is settled with the relay where that refused a move', async () => {
    const { backend, tree } = await opened(harbour)
    backend.refuseMove('expedition', 'ferry', 'cycle')
    await vi.waitFor(() => expect(tree.refusals).toMatchObject([{ code: 'cycle', title: 'Expedition' }]))
    const [record] = tree.refusals
    if (record) await tree.settle(record, 'retry')
    expect(tree.problem?.code, 'it is in the way still').toBe('cycle')
    if (record) await tree.settle(record, 'discard')
    expect(tree.refusals).toEqual([])
  })
})

describe('ten thousand documents', () => {
  it('in one level are read in a few pages, the first of which is there at once', async () => {
    const { backend, tree } = await opened(({ team }) => {
      for (let at = 0; at < ALL; at += 1) team.shelve(`log-${at}`, `Log ${at}`)
    })
    expect(tree.lines.length).toBe(200)
    await vi.waitFor(() => expect(tree.lines.length).toBe(ALL), 5000)
    await vi.waitFor(() => expect(tree.favourites).toEqual([]))
    expect(backend.reads).toBeLessThanOrEqual(9)
    const before = backend.reads
    await backend.rename('log-7', 'Log seven')
    await vi.waitFor(() => expect(tree.row('log-7')?.title).toBe('Log seven'))
    expect(backend.reads - before, 'a title is one row').toBe(1)
  })

  it('below each other cost what is looked at', async () => {
    const { backend, tree } = await opened(({ team }) => {
      for (let year = 0; year < 100; year += 1) {
        team.shelve(`year-${year}`, `Year ${year}`)
        for (let at = 1; at < 100; at += 1) team.shelve(`log-${year}-${at}`, `Log ${at}`, `year-${year}`)
      }
    })
    const before = backend.reads
    for (let year = 0; year < 100; year += 1) tree.setOpen(`year-${year}`, true)
    expect(tree.lines.length, 'every row has its place already').toBe(ALL)
    tree.look(tree.lines.slice(5000, 5060))
    await vi.waitFor(() => expect(tree.lines[5050]?.id).not.toBeNull())
    expect(backend.reads - before).toBeLessThanOrEqual(5)
  })
})
