/** What the stories of the binding share: people with an editor each, and dice that fall the same way for the same seed. */
import { Editor, type Extensions, type JSONContent } from '@tiptap/core'
import * as Y from 'yjs'
import { BindingGuard, FROM_REPLICA } from '../editor/binding-guard'
import { schemaExtensions } from '../editor/extensions'
import type { Binding } from './binding'
import { bindingTo } from './extension'
import { Mirror } from './mirror'

/** Somebody with an editor. */
export interface Person {
  doc: Y.Doc
  content: Y.XmlFragment
  editor: Editor
  binding: Binding
  /** What this person wrote. */
  written: Uint8Array[]
  /** What was written although this person had done nothing. */
  unsolicited: Uint8Array[]
}

const people: Person[] = []

/** Closes every editor. */
export function closeAll(): void {
  for (const { editor } of people.splice(0)) editor.destroy()
}

/** Opens an editor on a document. */
export function open(state: Uint8Array | Y.Doc, clientID = 7, more: Extensions = []): Person {
  const doc = new Y.Doc()
  doc.clientID = clientID
  Y.applyUpdate(doc, state instanceof Y.Doc ? Y.encodeStateAsUpdate(state) : state, FROM_REPLICA)
  const written: Uint8Array[] = []
  const unsolicited: Uint8Array[] = []
  new BindingGuard(doc, {
    written: (update) => written.push(update),
    unsolicited: () => unsolicited.push(new Uint8Array()),
  })
  const content = doc.getXmlFragment('default')
  const editor = new Editor({
    element: document.createElement('div'),
    injectCSS: false,
    extensions: [...schemaExtensions(), ...more, bindingTo(content)],
  })
  const binding = editor.storage.binding.binding as Binding
  binding.undoing.captureTimeout = 0
  const person = { doc, content, editor, binding, written, unsolicited }
  people.push(person)
  return person
}

/** Lets a person see what others wrote. */
export function receive({ doc }: Person, ...updates: Uint8Array[]): void {
  for (const update of updates) Y.applyUpdate(doc, update, FROM_REPLICA)
}

/** Lets everybody see everything. */
export function meet(...all: Person[]): void {
  for (const one of all)
    for (const other of all)
      if (one !== other) receive(one, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(one.doc)))
}

/** Returns what the stored document shows to somebody who opens it now. */
export function fresh({ content, editor }: Person): unknown {
  return new Mirror(content, editor.schema).doc.toJSON()
}

/** Returns a document without marks on what is not text: those are not stored by any editor. */
export function plain(content: JSONContent): JSONContent {
  const { marks, ...rest } = content
  return {
    ...rest,
    ...(marks && content.type === 'text' ? { marks } : {}),
    ...(content.content ? { content: content.content.map(plain) } : {}),
  }
}

/** What a stored block is made of: its name, attributes, and children or text. */
export type Spec = string | [name: string, ...(Spec | Record<string, unknown>)[]]

/** Makes a stored document. */
export function stored(...blocks: Spec[]): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = 1
  doc.getXmlFragment('default').insert(0, blocks.map(made))
  return doc
}

/** Makes a stored block, or text. */
export function made(spec: Spec): Y.XmlElement | Y.XmlText {
  if (typeof spec === 'string') return new Y.XmlText(spec)
  const [name, ...rest] = spec
  const element = new Y.XmlElement(name)
  const children: (Y.XmlElement | Y.XmlText)[] = []
  for (const one of rest) {
    if (typeof one === 'string' || Array.isArray(one)) children.push(made(one))
    else for (const [key, value] of Object.entries(one)) element.setAttribute(key, value as string)
  }
  element.insert(0, children)
  return element
}

/** Returns a number that whoever runs the stories gave in the environment. */
export function given(name: string, otherwise: number): number {
  const { process } = globalThis as { process?: { env: Record<string, string | undefined> } }
  return Number(process?.env[name] ?? otherwise)
}

/** Returns numbers below a bound, the same ones for the same seed. */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
