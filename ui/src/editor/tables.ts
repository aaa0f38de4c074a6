/**
 * Tables: the stock ones, but drawn by `views/table.ts`, so that a long document can leave far ones out. Like anything else they
 * are repaired only after a person's own change: the binding lets nothing answer a colleague's.
 */
import { Table } from '@tiptap/extension-table'
import { columnResizing, tableEditing } from '@tiptap/pm/tables'

/** The narrowest column, in pixels. */
export const NARROWEST = 48

/** The `table` block. */
export const OurTable = Table.extend({
  addNodeView: () => null,

  addProseMirrorPlugins: () => [
    columnResizing({ View: null, cellMinWidth: NARROWEST, defaultCellMinWidth: NARROWEST }),
    tableEditing(),
  ],
})
