/** The blocks of a document, read from its Y.Doc to be shown without an editor; changes nothing. */
import * as Y from 'yjs'
import type { Stored } from './stored'

/** Returns the first blocks of a document, or all. */
export function glimpse(blocks: Y.XmlFragment, count = blocks.length): Stored[] {
  return blocks.slice(0, count).flatMap(read)
}

function read(type: Y.XmlElement | Y.XmlText | Y.XmlHook): Stored[] {
  if (type instanceof Y.XmlText) {
    const runs = type.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[]
    return runs.map((run) => ({
      kind: 'text',
      text: String(run.insert),
      marks: run.attributes ?? {},
    }))
  }
  if (!(type instanceof Y.XmlElement)) return []
  const children = type.toArray().flatMap((child) => read(child as Y.XmlElement | Y.XmlText | Y.XmlHook))
  return [{ kind: 'element', name: type.nodeName, attributes: type.getAttributes(), children }]
}
