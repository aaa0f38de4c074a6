/**
 * How blocks are drawn that are more than their tag. Each has `update` and keeps its place in the page as long as it can,
 * so that a colleague's change never takes the caret, or what somebody opened, away.
 *
 * They are given to the view by one plugin and not by their extensions, so that a long document can leave out those that
 * are far (`windowing.ts`).
 */
import { Plugin } from '@tiptap/pm/state'
import type { NodeView, NodeViewConstructor } from '@tiptap/pm/view'
import { LONG, windowing } from '../windowing'
import { contentsFollow, contentsView } from './contents'
import { togglesFollow, toggleView } from './toggle'

/** A view that follows its node. */
export type OwnView = NodeView & Required<Pick<NodeView, 'update'>>

/** Makes a view of a node. */
export type OwnViewConstructor = (...about: Parameters<NodeViewConstructor>) => OwnView

/** The views, by the kind of block. */
export const ownViews: Record<string, OwnViewConstructor> = {
  contents: contentsView,
  toggle: toggleView,
}

/** Returns the view's own plugins that draw a document of so many blocks. */
export function drawing(blocks: number): Plugin[] {
  const drawn = blocks > LONG ? windowing(ownViews) : new Plugin({ props: { nodeViews: ownViews } })
  return [drawn, contentsFollow(), togglesFollow()]
}
