/**
 * Tables: the stock ones, with two differences. They repair a table only after a person's own change, because a repair is
 * written to everybody; and they are drawn by `views/table.ts`, so that a long document can leave far ones out.
 */
import { Table } from '@tiptap/extension-table'
import { Plugin } from '@tiptap/pm/state'
import { columnResizing, tableEditing } from '@tiptap/pm/tables'
import { isByPerson } from './binding-guard'

/** The narrowest column, in pixels. */
export const NARROWEST = 48

/** The `table` block. */
export const OurTable = Table.extend({
  addNodeView: () => null,

  addProseMirrorPlugins() {
    const { spec } = tableEditing()
    const editing: Plugin = new Plugin({
      ...spec,
      appendTransaction(changes, before, state) {
        const isOurs = changes.every((change) => !change.docChanged || isByPerson(change))
        return isOurs ? spec.appendTransaction?.call(editing, changes, before, state) : null
      },
    })
    return [columnResizing({ View: null, cellMinWidth: NARROWEST, defaultCellMinWidth: NARROWEST }), editing]
  },
})
