/**
 * From a person's edit to shared types: what differs between the document that was shown and the one that is there now is written
 * where it differs, and nothing else is.
 *
 * The one idea: only the difference of two views is written, never a view. So whatever the view does not show, or shows
 * otherwise than it is stored, stays as it is. What exists in the view only is written when the person changes that very thing.
 */
import type { Node } from '@tiptap/pm/model'
import type * as Y from 'yjs'
import { align, common } from './align'
import { type Beyond, build } from './build'
import { Branch, Inert, lastType, ownerOf, type Piece, type Shared, shownBy, Words } from './pieces'
import type { Range } from './range'
import { BLOCK, INLINE } from './unknown'
import { writeLine } from './write-line'

/** Writes what made the content of a branch into that of a node; the positions of a range begin with the branch's own content. */
export function write(branch: Branch, node: Node, range: Range | null, beyond: Beyond): void {
  if (branch.node === node) return
  writeAttributes(branch, node)
  if (node.type.inlineContent) writeLine(branch, node, range, beyond)
  else writeBlocks(branch, node, range, beyond)
}

/** Writes the attributes that are others now. */
export function writeAttributes({ type, node: { attrs } }: Branch, node: Node): void {
  for (const [name, value] of Object.entries(node.attrs)) {
    if (isSame(value, attrs[name])) continue
    const element = type as Y.XmlElement
    if (value === null) element.removeAttribute(name)
    else element.setAttribute(name, value)
  }
}

function writeBlocks(branch: Branch, node: Node, range: Range | null, beyond: Beyond): void {
  const { first, last, end, starts } = stretch(branch, node, range)
  const before = branch.row.slice(first, last)
  const after = node.content.content.slice(first, end)
  const score = (one: number, other: number) => likeness(before[one] as Piece, after[other] as Node)
  const nodes = before.map((piece) => (piece as Branch | Inert).node)
  const pairs = align(nodes, after, score)
  const isOther = pairs.some(([one, other]) => one === null || other === null)
  let left = leftOf(branch, first)
  for (const [one, other] of pairs) {
    const piece = one === null ? null : (before[one] as Branch | Inert)
    const now = other === null ? null : (after[other] as Node)
    if (!piece && now) left = insert(branch, left, [now], beyond)
    else if (piece && !now) remove(piece)
    else if (piece instanceof Branch && now) {
      const inside = one === 0 && other === 0 ? shifted(range, starts + 1) : null
      if (piece.type) write(piece, now, inside, beyond)
      else if (isInPlace(piece, now)) writeInside(piece, now, beyond)
      else if (!piece.node.eq(now) || (isOther && isFiller(piece)))
        left = settle(branch, left, piece, now, beyond)
    }
    if (piece && now) left = lastType(piece) ?? left
  }
  if (isOther) settleFillers(branch, first, last, node, end, beyond)
}

/** What is only filled in stays where it was when something new comes beside it: it is written too. */
function settleFillers(
  branch: Branch,
  first: number,
  last: number,
  node: Node,
  end: number,
  beyond: Beyond,
): void {
  if (branch.made === 0) return
  for (const [index, piece] of [...branch.row].entries()) {
    if ((index >= first && index < last) || !isFiller(piece)) continue
    const now = node.child(index < first ? index : index - last + end)
    insert(branch, leftOf(branch, index), [now], beyond)
  }
}

/** Returns the children that a range is in: from `first`, up to `last` among the old ones, up to `end` among the new. */
function stretch({ row }: Branch, node: Node, range: Range | null) {
  const all = { first: 0, last: row.length, end: node.childCount, starts: 0 }
  if (!range) return all
  const { index: first, offset: starts } = row.at(Math.max(range.from, 0))
  // What is behind the range is the same in both only if both end as far behind it.
  const rest = row.size - range.before
  if (rest < 0 || rest !== node.content.size - range.after) return { ...all, first, starts }
  const behind = row.at(Math.max(range.before, 0))
  const last = Math.max(behind.index + Number(range.before > behind.offset), first)
  const end = node.childCount - row.length + last
  return end < first ? all : { first, last, end, starts }
}

function shifted(range: Range | null, by: number): Range | null {
  return range && { from: range.from - by, before: range.before - by, after: range.after - by }
}

/** Says how much an old child and a new one have in common; 0 if it cannot be the same. */
function likeness(piece: Piece, node: Node): number {
  if (!(piece instanceof Branch)) return piece instanceof Inert && piece.node.eq(node) ? node.nodeSize + 1 : 0
  if (piece.node.type !== node.type) return 0
  return 1 + common(piece.node, node)
}

/** Returns the shared type that new children of a branch come behind, if they come before the one with this number. */
function leftOf(branch: Branch, index: number): Shared | null {
  for (let before = index - 1; before >= 0; before -= 1) {
    const found = lastType(branch.row.get(before) as Piece)
    if (found) return found
  }
  return branch.type === null && branch.parent
    ? leftOf(branch.parent, branch.parent.row.locate(branch).index)
    : null
}

/** Writes new children behind another one; returns the last of them. */
function insert(branch: Branch, left: Shared | null, nodes: readonly Node[], beyond: Beyond): Shared | null {
  const owner = (branch.type ? branch : ownerOf(branch))?.type
  const made = build(nodes, beyond)
  owner?.insertAfter(left as Y.XmlElement | null, made)
  return made.at(-1) ?? left
}

/** Deletes what a piece shows, because a person did. */
export function remove(piece: Piece): void {
  for (const { type } of shownBy(piece)) {
    const change = type?.doc?._transaction
    if (change && !type._item?.deleted) type._item?.delete(change)
  }
}

/** Says whether what changed in a branch of the view is in pieces that are written already. */
function isInPlace(branch: Branch, node: Node): boolean {
  if (branch.node === node) return true
  if (!branch.node.sameMarkup(node)) return false
  const pieces = [...branch.row]
  if (node.type.inlineContent) {
    const isText = node.content.content.every((child) => child.isText) && node.childCount > 0
    return pieces.length === 1 && pieces[0] instanceof Words && isText
  }
  return (
    pieces.length === node.childCount &&
    pieces.every((piece, index) => {
      const now = node.child(index)
      if (!(piece instanceof Branch)) return piece instanceof Inert && piece.node.eq(now)
      return piece.type ? piece.node.type === now.type : isInPlace(piece, now)
    })
  )
}

function writeInside(branch: Branch, node: Node, beyond: Beyond): void {
  if (branch.node === node) return
  if (node.type.inlineContent) writeLine(branch, node, null, beyond)
  else
    for (const [index, piece] of [...branch.row].entries()) {
      const now = node.child(index)
      if (!(piece instanceof Branch)) continue
      if (piece.type) write(piece, now, null, beyond)
      else writeInside(piece, now, beyond)
    }
}

function isFiller(piece: Piece): boolean {
  return shownBy(piece).length === 0
}

/** Writes what the view had only made up, now that a person changed it. What is inert stays where it is stored. */
function settle(
  branch: Branch,
  left: Shared | null,
  piece: Branch,
  now: Node,
  beyond: Beyond,
): Shared | null {
  const inert = shownBy(piece).filter((one) => one instanceof Inert)
  const kept = inert.filter((one) => contains(now, one.node))
  for (const one of shownBy(piece)) if (!kept.includes(one as Inert)) remove(one)
  const rest =
    kept.length > 0
      ? without(
          now,
          kept.map((one) => one.node),
        )
      : now
  const behind = kept.at(-1)?.type ?? left
  return kept.length > 0 && rest.textContent === '' ? behind : insert(branch, behind, [rest], beyond)
}

function contains(node: Node, other: Node): boolean {
  return node === other || node.eq(other) || node.content.content.some((child) => contains(child, other))
}

function without(node: Node, out: readonly Node[]): Node {
  const isOut = (child: Node) =>
    [BLOCK, INLINE].includes(child.type.name) && out.some((one) => one === child || one.eq(child))
  const children = node.content.content
    .filter((child) => !isOut(child))
    .map((child) => (child.isText ? child : without(child, out)))
  return node.type.create(node.attrs, children, node.marks)
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
