/**
 * Everything that the interface can ask of the replica behind it, and everything that it is told.
 *
 * Two implementations: `tauri.ts` (the desktop app) and `memory.ts` (tests and design work in a browser). The interface
 * never sees a token or a socket, and of paths one, to show it.
 */
import type {
  About,
  Choice,
  Device,
  Exported,
  FileRow,
  Format,
  Found,
  Imported,
  Invitation,
  JoinRequest,
  Level,
  Members,
  Person,
  Place,
  PlaceRow,
  ProblemCode,
  Refused,
  RefusedRecord,
  Scope,
  Settlement,
  SettleRecord,
  SignInRequest,
  Spot,
  Start,
  Surveyed,
  Sync,
  TreeView,
  Visit,
  Workspace,
} from './bindings'

/** What the replica tells the interface, in order. */
export type BackendEvent =
  /** Others changed a document that is open here. */
  | { kind: 'update'; document: string; update: Uint8Array }
  /** The rows of these documents changed, or what the relay refused of them; null when it may be any. */
  | { kind: 'places'; documents: string[] | null }
  /** It stands otherwise with these files: something became known of them, or they got on; null when it may be any. */
  | { kind: 'files'; hashes: string[] | null }
  /** The state of the connection, or of what waits, changed. */
  | { kind: 'sync'; sync: Sync }
  /** So far is what is being brought in or taken out. */
  | { kind: 'transfer'; done: number; total: number; path: string }
  /** Somebody of the team goes by another name, or came. */
  | { kind: 'members' }
  /** Who is in this document, all of them; `document` is null for the workspace. */
  | { kind: 'people'; document: string | null; people: Person[] }
  /** The document was replaced: open it again. */
  | { kind: 'reopen'; document: string }
  /** Another workspace of this device stands differently, or this one was named: its row in the list. */
  | { kind: 'workspace'; workspace: Workspace }
  /** Something went wrong beside what the person does, and they should know. */
  | { kind: 'trouble'; problem: { code: string; detail: string } }
  /** Somebody followed a link to a document in another program: `visit` says which. */
  | { kind: 'visit' }
  /** Somebody closes the window or quits: answer with `leave`, or `stay` and say why. */
  | { kind: 'closing' }

/** The replica behind the interface. Every promise rejects with a `Problem`. */
export interface Backend {
  /** Says what there is: the workspace, and where the person was. */
  start(): Promise<Start>
  /**
   * Says which workspaces of this device there are to go to, also when the one to start with does not open. Those of teams
   * that are not open yet are opened after it, and kept in step.
   */
  workspaces(): Promise<Workspace[]>
  /** Makes another one of them what the next `start` opens. */
  goTo(workspace: string): Promise<void>
  /** Returns a page of a level of the tree, in order: so many rows behind the one with this id. */
  level(level: Level, after: Spot | null, limit: number): Promise<PlaceRow[]>
  /** Returns these documents' rows, of those that there are. */
  places(documents: string[]): Promise<PlaceRow[]>
  /** Returns the rows on the way from the top of the tree to a document, its own last. */
  path(document: string): Promise<PlaceRow[]>
  /** Makes a document under another one, behind a sibling or last, and returns its id. */
  create(parent: string | null, after: string | null): Promise<string>
  /** Moves a document under another one: behind a sibling, `first` or `last`. */
  move(document: string, parent: string | null, after: string): Promise<void>
  /** Gives a document a title. */
  rename(document: string, title: string): Promise<void>
  /** Gives a document an icon; an empty one takes it away. */
  setIcon(document: string, icon: string): Promise<void>
  /** Puts a document into the trash, with all that lies below it, or takes it out. */
  trash(document: string, on: boolean): Promise<void>
  /** Makes a document one of this person's favourites, or no longer. */
  setFavourite(document: string, on: boolean): Promise<void>
  /** Returns the documents that were opened here last, the latest first. */
  recent(): Promise<PlaceRow[]>
  /**
   * Finds documents and people: at most so many documents, the most relevant first. Resolves with nothing when something
   * else was asked before it was answered.
   */
  search(text: string, limit: number): Promise<Found | null>
  /** Says who wrote in a document, and which others link to it. */
  about(document: string): Promise<About>
  /** Remembers what the person sees of the tree, for the next start. */
  rememberTree(view: TreeView): Promise<void>
  /** Returns the documents of whose text a relay refused something. */
  refusedDocuments(): Promise<PlaceRow[]>
  /** Returns the changes of the tree that a relay refused. */
  refusedRecords(): Promise<RefusedRecord[]>
  /** Settles one of them. */
  settleRecord(row: number, how: SettleRecord): Promise<void>
  /**
   * Adds a file to the workspace; it is on this device when this resolves, and goes on to the relay by itself. `tell` hears
   * how many bytes were taken; ending `signal` gives it up.
   */
  addFile(file: File, tell?: (done: number) => void, signal?: AbortSignal): Promise<FileRow>
  /** Says how it stands with these files, in this order; what is not here is fetched first. */
  files(hashes: string[]): Promise<FileRow[]>
  /** Saves a copy of a file in the folder of downloads; returns what it is called there. */
  saveFile(hash: string): Promise<string>
  /** Returns the address of a picture that is on this device. */
  fileUrl(hash: string): string
  /** Lets the person choose what to bring in, and looks at it; null where they chose nothing. */
  chooseImport(what: Choice): Promise<Surveyed | null>
  /** Brings in what was chosen, under a document or at the top. */
  import(under: string | null): Promise<Imported>
  /** Lets the person choose a folder and takes documents out into it; null where they chose none. */
  export(scope: Scope, format: Format): Promise<Exported | null>
  /** Ends what is being brought in or taken out. */
  cancelTransfer(): Promise<void>
  /** Shows what was taken out last in the system's own window of files. */
  showExport(): Promise<void>
  /**
   * Opens a document: resolves with all of it as one Yjs update, encoding v1; from now on its updates are told. It is in
   * front: others see this person there.
   */
  open(document: string): Promise<Uint8Array>
  /** Ends that. */
  close(document: string): Promise<void>
  /** Writes a person's change to the disk of this device. When it resolves, the change is saved. */
  commit(document: string, update: Uint8Array): Promise<void>
  /** Tells others where this person's caret is in an open document; `null` for nowhere: they only read. */
  setCaret(document: string, caret: string | null): Promise<void>
  /** Remembers where the person is, for the next start. */
  remember(place: Place): Promise<void>
  /** Joins a team by an invitation; resolves with what a person should know all the same, if anything. */
  join(request: JoinRequest): Promise<ProblemCode | null>
  /** Brings this device's workspace to a relay, with all that it holds; resolves as `join`. */
  publish(request: JoinRequest): Promise<ProblemCode | null>
  /** Signs this workspace's person in again; resolves as `join`. */
  signIn(request: SignInRequest): Promise<ProblemCode | null>
  /** Says who is in this workspace's team: as far as this device knows, or, if `ask`, as the relay says now. */
  members(ask: boolean): Promise<Members>
  /** Makes a link for one more member of the team. */
  invite(): Promise<Invitation>
  /** Says where the link leads that somebody followed in another program, once; null when nobody did. */
  visit(): Promise<Visit | null>
  /** Relays may be within reach again: tries at once, for every workspace, what would be tried later. */
  hurry(): Promise<void>
  /** Says what a relay refused of a document; null when it refused nothing. */
  refused(document: string): Promise<Refused | null>
  /** Settles what a relay refused; returns the copy's id, if one was made. */
  settle(document: string, how: Settlement): Promise<string | null>
  /** Answers `closing`: there is something to tell first. A window that answers nothing is closed after some seconds. */
  stay(): Promise<void>
  /** Closes the window. */
  leave(): Promise<void>
  /** Says what there is to know about this device. */
  device(): Promise<Device>
  /** Shows the folder where everything of this device lies. */
  openFolder(): Promise<void>
  /** Draws the window so many times as large. */
  setZoom(factor: number): Promise<void>
  /** Opens a link in the system's browser. */
  openLink(href: string): Promise<void>
  /** Hears every event until the returned function is called. */
  listen(listener: (event: BackendEvent) => void): () => void
}

/** Why something could not be done: a code for the catalogue, and detail for a report. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly detail = '',
  ) {
    super(detail ? `${code}: ${detail}` : code)
    this.name = 'Problem'
  }

  /** Makes a problem of whatever was thrown. */
  static of(thrown: unknown): Problem {
    if (thrown instanceof Problem) return thrown
    if (thrown && typeof thrown === 'object' && 'code' in thrown) {
      const { code, detail } = thrown as { code: unknown; detail?: unknown }
      return new Problem(String(code), String(detail ?? ''))
    }
    return new Problem('internal', String(thrown))
  }
}
