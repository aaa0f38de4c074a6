/**
 * Marks of the editor, and what is stored of them: one attribute of the shared text each, named like the mark.
 *
 * A mark that may overlap itself is stored by other editors as its name and a hash. Whatever this version does not know, name or
 * value, is carried along as it is.
 */
import type { Mark, Schema } from '@tiptap/pm/model'
import { MARK } from './unknown'

const HASHED = /^(.+)--[a-zA-Z0-9+/=]{8}$/u

/** Returns the marks that stored attributes mean, as far as they go together; in the same order everywhere. */
export function marksOf(schema: Schema, attributes: Record<string, unknown>): readonly Mark[] {
  let marks: readonly Mark[] = []
  for (const name of Object.keys(attributes).sort())
    marks = markOf(schema, name, attributes[name]).addToSet(marks)
  return marks
}

/** Returns the attribute that a mark is stored as. */
export function attributeOf(mark: Mark): [name: string, value: unknown] {
  return mark.type.name === MARK ? [String(mark.attrs.name), mark.attrs.value] : [mark.type.name, mark.attrs]
}

/** Returns the attributes that marks are stored as. */
export function attributesOf(marks: readonly Mark[]): Record<string, unknown> {
  return Object.fromEntries(marks.map(attributeOf))
}

/** Returns what has to be stored so that words with these attributes have other marks; null takes an attribute away. */
export function difference(
  schema: Schema,
  stored: Record<string, unknown>,
  before: readonly Mark[],
  after: readonly Mark[],
): Record<string, unknown> {
  const change: Record<string, unknown> = {}
  const gone = before.filter((mark) => !mark.isInSet(after))
  for (const [name, value] of Object.entries(stored)) {
    const mark = markOf(schema, name, value)
    if (gone.some((one) => one.eq(mark))) change[name] = null
  }
  for (const mark of after) if (!mark.isInSet(before)) Object.assign(change, attributesOf([mark]))
  return change
}

function markOf(schema: Schema, stored: string, value: unknown): Mark {
  const plain = HASHED.exec(stored)?.[1]
  const type = schema.marks[stored] ?? (plain === undefined ? undefined : schema.marks[plain])
  const attrs = typeof value === 'object' && value !== null ? value : null
  try {
    if (type && type.name !== MARK) return type.create(attrs)
  } catch {
    // a value that the mark cannot have
  }
  return schema.mark(MARK, { name: stored, value })
}
