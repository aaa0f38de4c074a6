/** The first blocks of a document, read from its Y.Doc to be shown while the editor is being made; changes nothing. */
import * as Y from 'yjs'
import type { Stored } from './stored'

/** Returns as many blocks of a document as a screen holds. */
export function glimpse(blocks: Y.XmlFragment, count: number): Stored[] {
  return blocks.slice(0, count).flatMap(read)
}

function read(type: Y.XmlElement | Y.XmlText | Y.XmlHook): Stored[] {
  if (type instanceof Y.XmlText) {
    const runs = type.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]
    return runs.map((run) => ({
      kind: 'text',
      text: String(run.insert),
      marks: Object.keys(run.attributes ?? {}),
    }))
  }
  if (!(type instanceof Y.XmlElement)) return []
  const children = type.toArray().flatMap((child) => read(child as Y.XmlElement | Y.XmlText | Y.XmlHook))
  return [{ kind: 'element', name: type.nodeName, attributes: type.getAttributes(), children }]
}
