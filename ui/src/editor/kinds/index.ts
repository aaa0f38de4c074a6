/** The nodes and marks that are Sheaf's own, in the order of the document crate's table. */
import type { Extensions } from '@tiptap/core'
import { Callout } from './callout'
import { Contents } from './contents'
import { Attachment, Figure } from './file'
import { Footnote, FootnoteReference } from './footnote'
import { Highlight, Subscript, Superscript } from './marks'
import { MathBlock, MathMark } from './maths'
import { Mention } from './mention'
import { Source } from './source'
import { Toggle, ToggleTitle } from './toggle'

/** What a document may hold beyond the stock kinds. */
export const ownKinds: Extensions = [
  Source,
  Callout,
  Toggle,
  ToggleTitle,
  MathBlock,
  Footnote,
  FootnoteReference,
  Mention,
  Contents,
  Figure,
  Attachment,
  Highlight,
  Subscript,
  Superscript,
  MathMark,
]
