/** The plain words of a Y.Doc, a line for each block: what a person copies when the document itself cannot be shown or saved. */
import * as Y from 'yjs'
import { footnoteLabel } from '../editor/kinds/footnote'
import { mentionWords } from '../editor/kinds/mention'

/** What stands in a line without being text, as words. */
const INLINE: Record<string, (attributes: Record<string, unknown>) => string> = {
  mention: mentionWords,
  footnoteReference: ({ label }) => `[${footnoteLabel(label)}]`,
}

/** Returns the title and the lines of a document, in order. */
export function linesOf(doc: Y.Doc): string[] {
  const lines = [doc.getText('title').toString()]
  gather(doc.getXmlFragment('default'), lines)
  return lines
}

/** Returns the lines that a document has and another lacks; how often a line stands there counts. */
export function linesBeyond(here: string[], there: string[]): string[] {
  const known = new Map<string, number>()
  for (const line of there) known.set(line, (known.get(line) ?? 0) + 1)
  return here.filter((line) => {
    const count = known.get(line) ?? 0
    known.set(line, count - 1)
    return count <= 0 && line.trim() !== ''
  })
}

function gather(parent: Y.XmlFragment, lines: string[]): void {
  let line: string | null = null
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) {
      const parts: { insert?: unknown }[] = child.toDelta()
      line = (line ?? '') + parts.map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('')
    } else if (child instanceof Y.XmlElement && child.nodeName === 'hardBreak') {
      line = `${line ?? ''}\n`
    } else if (child instanceof Y.XmlElement && INLINE[child.nodeName]) {
      line = `${line ?? ''}${INLINE[child.nodeName]?.(child.getAttributes()) ?? ''}`
    } else if (child instanceof Y.XmlFragment) {
      if (line !== null) lines.push(line)
      line = null
      gather(child, lines)
    }
  }
  if (line !== null) lines.push(line)
}
