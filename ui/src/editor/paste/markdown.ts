/** Plain text that was written as Markdown is pasted as what it means. With Shift it is pasted as it is. */
import type { EditorView } from '@tiptap/pm/view'
import { clean, isMarkdown } from './clean'

/** Takes a paste of Markdown; says whether it was one. The reader comes with the first. */
export function pasteMarkdown(view: EditorView, event: ClipboardEvent): boolean {
  const data = event.clipboardData
  const text = data?.getData('text/plain') ?? ''
  const isPlain = (view as { input?: { shiftKey?: boolean } }).input?.shiftKey === true
  if (
    isPlain ||
    data?.getData('text/html') ||
    view.state.selection.$from.parent.type.spec.code ||
    !isMarkdown(text)
  )
    return false
  event.preventDefault()
  void import('marked').then(({ marked }) => {
    if (!view.isDestroyed) view.pasteHTML(clean(marked.parse(text, { gfm: true, async: false })))
  })
  return true
}
