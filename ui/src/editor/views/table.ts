/** A table in the page: the stock view, which keeps the widths of its columns. */
import { TableView } from '@tiptap/extension-table'
import type { Node } from '@tiptap/pm/model'
import { NARROWEST } from '../tables'
import type { OwnView } from '.'

/** Makes the view of a table. */
export function tableView(node: Node): OwnView {
  return new TableView(node, NARROWEST)
}
