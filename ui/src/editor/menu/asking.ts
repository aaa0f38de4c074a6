/** Opens the menu while somebody types behind a sign. What others type opens nothing, and neither does coming by with the caret. */
import { Extension } from '@tiptap/core'
import { PluginKey } from '@tiptap/pm/state'
import { Suggestion } from '@tiptap/suggestion'
import { isFromBinding } from '../../binding/binding'
import { askedAt } from './match'
import type { Choice, Menu } from './menu.svelte'

/** A sign, and what it offers. */
export interface Asking {
  sign: string
  /** What the menu is called. */
  label(): string
  /** Whether a question may have spaces. */
  spaces?: boolean
  /** As many letters must be typed first. */
  least?: number
  /** Returns what is offered. */
  choices(typed: string): readonly Choice[] | Promise<readonly Choice[]>
}

/** Makes the signs open the menu. */
export function asking(menu: Menu, signs: readonly Asking[]): Extension {
  return Extension.create({
    name: 'asking',

    addProseMirrorPlugins() {
      return signs.map(({ sign, label, spaces = false, least = 0, choices }) => {
        const key = new PluginKey(`asking ${sign}`)
        let unmount: (() => void) | null = null
        const close = () => {
          unmount?.()
          unmount = null
          menu.close()
        }
        return Suggestion<Choice, Choice>({
          editor: this.editor,
          pluginKey: key,
          char: sign,
          allowSpaces: spaces,
          decorationClass: 'asking',
          minQueryLength: least,
          findSuggestionMatch: ({ $position }) => {
            const before = $position.nodeBefore?.isText ? ($position.nodeBefore.text ?? '') : ''
            const at = askedAt(before, sign, spaces)
            if (
              at === null ||
              $position.parent.type.spec.code ||
              $position.nodeBefore?.marks.some((mark) => mark.type.spec.code)
            )
              return null
            const from = $position.pos - before.length + at
            const text = before.slice(at)
            return { range: { from, to: $position.pos }, query: text.slice(sign.length), text }
          },
          shouldShow: ({ editor, transaction }) =>
            key.getState(editor.state)?.active ||
            (transaction.docChanged && !isFromBinding(transaction) && !transaction.getMeta('paste')),
          items: async ({ query }) => [...(await choices(query))],
          command: ({ editor, range, props: choice }) => {
            choice.run(editor.chain().focus().deleteRange(range)).run()
          },
          render: () => ({
            onUpdate: ({ items, command, mount, loading }) => {
              if (loading) return
              if (items.length === 0) return close()
              menu.show(label(), items, command)
              if (menu.element) unmount ??= mount(menu.element)
            },
            onExit: close,
            onKeyDown: ({ event }) => menu.press(event),
          }),
        })
      })
    },
  })
}
