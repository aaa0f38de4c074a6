/**
 * How blocks are drawn that are more than their tag. Each has `update` and keeps its place in the page as long as it can,
 * so that a colleague's change never takes the caret, or what somebody opened, away.
 *
 * They are given to the view by one plugin and not by their extensions, so that a long document can leave out those that
 * are far (`windowing.ts`).
 */
import { Plugin } from '@tiptap/pm/state'
import type { NodeView, NodeViewConstructor } from '@tiptap/pm/view'
import { attachmentView } from '../../files/attachment-view'
import { figureView } from '../../files/figure-view'
import type { Files } from '../../files/files'
import { LONG, windowing } from '../windowing'
import { codeView } from './code'
import { contentsFollow, contentsView } from './contents'
import { mathView } from './math'
import { tableView } from './table'
import { togglesFollow, toggleView } from './toggle'

/** A view that follows its node. */
export type OwnView = NodeView & Required<Pick<NodeView, 'update'>>

/** Makes a view of a node. */
export type OwnViewConstructor = (...about: Parameters<NodeViewConstructor>) => OwnView

/** Returns the views, by the kind of block. */
function ownViews(files: Files): Record<string, OwnViewConstructor> {
  return {
    attachment: (node) => attachmentView(node, files),
    codeBlock: codeView,
    contents: contentsView,
    figure: (node, view, getPos) => figureView(node, view, getPos, files),
    mathBlock: mathView,
    table: tableView,
    toggle: toggleView,
  }
}

/** Returns the view's own plugins that draw a document of so many blocks, and these files in it. */
export function drawing(blocks: number, files: Files): Plugin[] {
  const nodeViews = ownViews(files)
  const drawn = blocks > LONG ? windowing(nodeViews) : new Plugin({ props: { nodeViews } })
  return [drawn, contentsFollow(), togglesFollow()]
}
