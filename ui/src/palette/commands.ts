/**
 * Everything that can be done with a key, once: what it is called, which keys do it, and under which heading it stands.
 *
 * The palette, the sheet of shortcuts and whoever hears keys read it here. What a command does is the window's to say; one
 * that has no action there is shown in the sheet and heard where it belongs, in the editor or in the tree.
 */
import { m } from '../paraglide/messages'
import { isPressed } from './keys'

/** The headings of the sheet, in order. */
export const GROUPS = ['anywhere', 'text', 'blocks', 'tree'] as const
export type Group = (typeof GROUPS)[number]

/** Something that can be done. */
export interface Command {
  /** Its name. */
  id: string
  /** Its heading. */
  group: Group
  /** What people call it. */
  title: () => string
  /** The keys that do it; the first is shown. */
  keys?: readonly string[]
}

const ALL = [
  { id: 'search', group: 'anywhere', title: m.command_search, keys: ['mod+k'] },
  { id: 'new', group: 'anywhere', title: m.new_document, keys: ['mod+n'] },
  { id: 'sidebar', group: 'anywhere', title: m.toggle_sidebar, keys: ['mod+\\'] },
  { id: 'panel', group: 'anywhere', title: m.toggle_panel, keys: ['mod+shift+o'] },
  { id: 'settings', group: 'anywhere', title: m.settings_title, keys: ['mod+,'] },
  { id: 'larger', group: 'anywhere', title: m.command_larger, keys: ['mod+plus', 'mod+='] },
  { id: 'smaller', group: 'anywhere', title: m.command_smaller, keys: ['mod+-'] },
  { id: 'natural', group: 'anywhere', title: m.command_natural, keys: ['mod+0'] },
  { id: 'sheet', group: 'anywhere', title: m.command_sheet, keys: ['?'] },
  { id: 'new_inside', group: 'anywhere', title: m.command_new_inside },
  { id: 'favourite', group: 'anywhere', title: m.favourite },
  { id: 'unfavourite', group: 'anywhere', title: m.unfavourite },
  { id: 'trash', group: 'anywhere', title: m.command_trash },
  { id: 'import_folder', group: 'anywhere', title: m.command_import_folder },
  { id: 'import_file', group: 'anywhere', title: m.command_import_file },
  { id: 'export', group: 'anywhere', title: m.command_export },
  { id: 'export_all', group: 'anywhere', title: m.command_export_all },
  { id: 'members', group: 'anywhere', title: m.command_members },
  { id: 'join', group: 'anywhere', title: m.join_button },
  { id: 'publish', group: 'anywhere', title: m.publish_button },
  { id: 'sign_in', group: 'anywhere', title: m.sign_in_button },
  { id: 'bold', group: 'text', title: m.command_bold, keys: ['mod+b'] },
  { id: 'italic', group: 'text', title: m.command_italic, keys: ['mod+i'] },
  { id: 'underline', group: 'text', title: m.command_underline, keys: ['mod+u'] },
  { id: 'strike', group: 'text', title: m.command_strike, keys: ['mod+shift+s'] },
  { id: 'code', group: 'text', title: m.command_code, keys: ['mod+e'] },
  { id: 'highlight', group: 'text', title: m.mark_highlight, keys: ['mod+shift+h'] },
  { id: 'subscript', group: 'text', title: m.mark_subscript, keys: ['mod+alt+,'] },
  { id: 'superscript', group: 'text', title: m.mark_superscript, keys: ['mod+alt+.'] },
  { id: 'undo', group: 'text', title: m.command_undo, keys: ['mod+z'] },
  { id: 'redo', group: 'text', title: m.command_redo, keys: ['mod+shift+z'] },
  { id: 'find', group: 'text', title: m.find_label, keys: ['mod+f'] },
  { id: 'replace', group: 'text', title: m.find_replace, keys: ['mod+h'] },
  { id: 'line', group: 'text', title: m.command_line, keys: ['shift+Enter'] },
  { id: 'paragraph', group: 'blocks', title: m.command_paragraph, keys: ['mod+alt+0'] },
  { id: 'heading', group: 'blocks', title: m.command_heading, keys: ['mod+alt+1'] },
  { id: 'subheading', group: 'blocks', title: m.command_subheading, keys: ['mod+alt+2'] },
  { id: 'bullets', group: 'blocks', title: m.command_bullets, keys: ['mod+shift+8'] },
  { id: 'numbers', group: 'blocks', title: m.command_numbers, keys: ['mod+shift+7'] },
  { id: 'tasks', group: 'blocks', title: m.command_tasks, keys: ['mod+shift+9'] },
  { id: 'quote', group: 'blocks', title: m.command_quote, keys: ['mod+shift+b'] },
  { id: 'code_block', group: 'blocks', title: m.command_code_block, keys: ['mod+alt+c'] },
  {
    id: 'move_block',
    group: 'blocks',
    title: m.command_move_row,
    keys: ['alt+shift+ArrowUp', 'alt+shift+ArrowDown'],
  },
  { id: 'double_block', group: 'blocks', title: m.duplicate, keys: ['mod+shift+d'] },
  { id: 'open_row', group: 'tree', title: m.command_open_row, keys: ['Enter'] },
  { id: 'rename_row', group: 'tree', title: m.command_rename_row, keys: ['F2'] },
  { id: 'move_row', group: 'tree', title: m.command_move_row, keys: ['alt+ArrowUp', 'alt+ArrowDown'] },
  { id: 'nest_row', group: 'tree', title: m.command_nest_row, keys: ['alt+ArrowRight', 'alt+ArrowLeft'] },
  { id: 'trash_row', group: 'tree', title: m.command_trash_row, keys: ['Delete'] },
] as const satisfies readonly Command[]

export type CommandId = (typeof ALL)[number]['id']

/** Every command, in the order of the sheet. */
export const COMMANDS: readonly (Command & { id: CommandId })[] = ALL

/** What the window does for commands, as far as there is something to do now. */
export type Actions = Partial<Record<CommandId, (() => void) | null>>

/** Returns the command of an action that somebody pressed the keys of. */
export function commandOf(event: KeyboardEvent, actions: Actions): CommandId | null {
  const pressed = COMMANDS.find(({ id, keys }) => actions[id] && keys?.some((keys) => isPressed(event, keys)))
  return pressed?.id ?? null
}

/** Says whether somebody is typing text where a key was pressed: a sign there is a sign. */
export function isTyping(event: KeyboardEvent): boolean {
  const [target] = event.composedPath()
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/u.test(target.tagName))
  )
}
