/**
 * A backend in memory, for tests and for design work in a browser.
 *
 * Several of them can share one `MemoryTeam`, as devices share a relay: what one commits, the others hear. Commits can be
 * made to fail and the line can be cut, so that every state of the interface can be shown.
 */
import * as Y from 'yjs'
import { linesBeyond, linesOf } from '../document/words'
import { type Backend, type BackendEvent, Problem } from './backend'
import type {
  About,
  Device,
  Exported,
  FileRow,
  Format,
  Found,
  Imported,
  Invitation,
  JoinRequest,
  Members,
  Person,
  Place,
  ProblemCode,
  Refused,
  Scope,
  Settlement,
  SignInRequest,
  Start,
  Surveyed,
  Sync,
  Visit,
  Workspace,
} from './bindings'
import { MemoryFiles } from './memory-files'
import { searchTeam } from './memory-search'
import { MemoryTeam } from './memory-team'
import { MemoryTransfer } from './memory-transfer'
import { MemoryTree } from './memory-tree'

/** What the team is called. */
const CREW = 'Harbour crew'

/** How long an invitation is good, in milliseconds. */
const WEEK = 7 * 24 * 60 * 60 * 1000

/** One device. */
export class MemoryBackend extends MemoryTree<MemoryBackend> implements Backend {
  /** When set, commits take until it resolves. */
  slow: Promise<void> | null = null
  /** When set, commits fail with it. */
  failing: Problem | null = null
  /** When set, joining and signing in are refused with it. */
  refusing: ProblemCode | null = null
  /** What a person should know once they are in. */
  notice: ProblemCode | null = null
  /** Workspaces besides this device's own and the team's, whose documents are the same ones here. */
  elsewhere: Workspace[] = []
  /** Where a link led that was followed in another program. */
  visiting: Visit | null = null
  /** Who is in the team, if others than those who are here. */
  people: Members | null = null
  /** How many documents are still to be looked through, as search says. */
  left = 0
  /** What was searched for. */
  readonly searches: string[] = []
  /** Links that were opened. */
  readonly opened: string[] = []
  /** How large the window is drawn. */
  zoom = 1
  /** How many commits were stored, and how many are under way. */
  readonly commits: Uint8Array[] = []
  /** How often the relay was tried at once. */
  hurries = 0
  /** What the window answered when it was asked to close. */
  readonly answers: ('stay' | 'leave')[] = []
  /** This device's files. */
  readonly shelf = new MemoryFiles(this.me, (event) => this.happen(event))
  /** What is brought in and taken out. */
  readonly transfer = new MemoryTransfer(
    (title, parent) => {
      const id = this.newId()
      this.team.seed(id, title, () => {}, parent)
      this.happen({ kind: 'places', documents: null })
      return id
    },
    (event) => this.happen(event),
  )
  inFlight = 0
  #listeners = new Set<(event: BackendEvent) => void>()
  /** What is open here, the one in front last. */
  #open = new Set<string>()
  #caret: { document: string; at: string | null } | null = null
  #place: Place | null = null
  #online = true
  #waiting = 0
  /** The one of `elsewhere` that the window is at. */
  #at: string | null = null
  /** A team was joined: there are two workspaces, whose documents are the same ones here. */
  #joined = false
  #refused = new Map<string, { code: string; agreed: Uint8Array }>()

  constructor(
    team: MemoryTeam<MemoryBackend> = new MemoryTeam(),
    me: { id: string; name: string } = { id: 'ada', name: 'Ada' },
    private sync: Sync = { state: 'local' },
  ) {
    super(team, me)
    team.members.add(this)
    this.#tellCompany()
  }

  /** The backend of a page that runs in a browser; tests reach it as `window.sheafBackend`. */
  static forThisPage(): MemoryBackend {
    const backend = new MemoryBackend()
    backend.team.seed('welcome', 'Welcome to Sheaf', (content) => {
      const text = new Y.XmlText('Write here. Everything stays on this device until you share it.')
      const paragraph = new Y.XmlElement('paragraph')
      paragraph.insert(0, [text])
      content.insert(0, [paragraph])
    })
    Object.assign(window, { sheafBackend: backend })
    return backend
  }

  async start(): Promise<Start> {
    this.happen({ kind: 'people', document: null, people: this.#company() })
    const elsewhere = this.elsewhere.find(({ id }) => id === this.#at)
    if (elsewhere?.problem) throw new Problem(elsewhere.problem)
    return {
      workspace: elsewhere?.name ?? (this.sync.state === 'local' ? null : CREW),
      shared: this.sync.state !== 'local',
      me: this.me,
      place: this.#place && this.team.has(this.#place.document) ? this.#place : null,
      tree: this.remembered,
      sync: this.sync,
      revived: false,
    }
  }

  async workspaces(): Promise<Workspace[]> {
    const isShared = this.sync.state !== 'local'
    const all: Workspace[] = [
      { id: 'device', name: null, here: !isShared, sync: { state: 'local' }, problem: null },
      { id: 'crew', name: CREW, here: isShared && !this.#at, sync: { state: 'synced' }, problem: null },
    ]
    const others = this.elsewhere.map((other) => ({ ...other, here: other.id === this.#at }))
    return [...all.filter(({ id, here }) => here || this.#joined || (this.#at && id === 'crew')), ...others]
  }

  async goTo(workspace: string): Promise<void> {
    const elsewhere = this.elsewhere.find(({ id }) => id === workspace)
    this.#at = elsewhere?.id ?? null
    this.sync = elsewhere?.sync ?? { state: workspace === 'crew' ? 'synced' : 'local' }
  }

  addFile(file: File, tell?: (done: number) => void): Promise<FileRow> {
    return this.shelf.addFile(file, tell)
  }

  files(hashes: string[]): Promise<FileRow[]> {
    return this.shelf.files(hashes)
  }

  saveFile(hash: string): Promise<string> {
    return this.shelf.saveFile(hash)
  }

  fileUrl(hash: string): string {
    return this.shelf.fileUrl(hash)
  }

  chooseImport(): Promise<Surveyed | null> {
    return this.transfer.choose()
  }

  import(): Promise<Imported> {
    return this.transfer.import()
  }

  export(scope: Scope, format: Format): Promise<Exported | null> {
    return this.transfer.export(scope, format)
  }

  async cancelTransfer(): Promise<void> {
    this.transfer.cancel()
  }

  async showExport(): Promise<void> {
    this.transfer.shown += 1
  }

  async open(document: string): Promise<Uint8Array> {
    const doc = this.#doc(document)
    this.#move(() => this.#bringToFront(document))
    return Y.encodeStateAsUpdate(doc)
  }

  async close(document: string): Promise<void> {
    this.#move(() => {
      this.#open.delete(document)
      if (this.#caret?.document === document) this.#caret = null
    })
  }

  async commit(document: string, update: Uint8Array): Promise<void> {
    this.inFlight += 1
    await this.slow
    this.inFlight -= 1
    if (this.failing) throw this.failing
    this.commits.push(update)
    const doc = this.#doc(document)
    const before = doc.getText('title').toString()
    Y.applyUpdate(doc, update)
    if (before !== doc.getText('title').toString()) this.team.changed(document)
    if (this.#refused.has(document)) {
      this.happen({ kind: 'places', documents: [document] })
      return this.#tellRefusals()
    }
    if (this.sync.state !== 'local' && !this.#online) {
      this.#waiting += 1
      this.tell({ state: 'offline', waiting: this.#waiting })
      return
    }
    for (const member of this.team.members) {
      if (member !== this && member.#online) member.happen({ kind: 'update', document, update })
    }
  }

  async setCaret(document: string, caret: string | null): Promise<void> {
    if (!this.#open.has(document)) return
    this.#move(() => {
      if (caret) this.#bringToFront(document)
      this.#caret = { document, at: caret }
    })
  }

  async search(text: string, limit: number): Promise<Found | null> {
    this.searches.push(text)
    return { ...searchTeam(this.team, text, limit), left: this.left }
  }

  async remember(place: Place): Promise<void> {
    this.#place = place
    this.visited(place.document)
  }

  async join(request: JoinRequest): Promise<ProblemCode | null> {
    if (!request.invitation.includes('#')) throw new Problem('invitation')
    if (request.invitation.startsWith('http:') && !request.insist) throw new Problem('insecure')
    const notice = this.#enter()
    this.#joined = true
    return notice
  }

  async publish(request: JoinRequest): Promise<ProblemCode | null> {
    const notice = await this.join(request)
    this.#joined = false // the workspace is the same one
    return notice
  }

  async signIn(_request: SignInRequest): Promise<ProblemCode | null> {
    return this.#enter()
  }

  async members(ask: boolean): Promise<Members> {
    if (ask && !this.#online) throw new Problem('unreachable')
    const role = (index: number) => (index === 0 ? 'owner' : 'member')
    const here = [...this.team.members].map(({ me }, index) => ({ ...me, role: role(index) }) as const)
    return this.people ?? { at: Date.now(), people: here }
  }

  async invite(): Promise<Invitation> {
    if (!this.#online) throw new Problem('unreachable')
    if (this.refusing) throw new Problem(this.refusing)
    const secret = 'q0Vd3zXw7m1cVQpYtB5n2kJr8sLhUeGaIoFxZb4NvWc'
    return { link: `https://relay.example.org/join#${secret}`, expires_at: Date.now() + WEEK }
  }

  async visit(): Promise<Visit | null> {
    const visit = this.visiting
    this.visiting = null
    if (visit && !this.team.documents.has(visit.document)) throw new Problem('not_here')
    return visit
  }

  async hurry(): Promise<void> {
    this.hurries += 1
  }

  /** Lets the relay refuse everything that is written in a document from now on. */
  refuse(document: string, code: string): void {
    this.#refused.set(document, { code, agreed: Y.encodeStateAsUpdate(this.#doc(document)) })
  }

  async refused(document: string): Promise<Refused | null> {
    const refused = this.#refused.get(document)
    if (!refused) return null
    const agreed = new Y.Doc()
    Y.applyUpdate(agreed, refused.agreed)
    const words = linesBeyond(linesOf(this.#doc(document)), linesOf(agreed)).join('\n')
    return { code: refused.code, words }
  }

  async settle(document: string, how: Settlement): Promise<string | null> {
    const refused = this.#refused.get(document)
    if (!refused) return null
    const whole = Y.encodeStateAsUpdate(this.#doc(document))
    let copy: string | null = null
    if (how.how === 'keep_copy') {
      copy = this.newId()
      const kept = this.team.seed(copy, '')
      Y.applyUpdate(kept, whole)
      kept.getText('title').delete(0, kept.getText('title').length)
      kept.getText('title').insert(0, how.title)
    }
    this.#refused.delete(document)
    if (how.how !== 'retry') {
      const agreed = new Y.Doc({ gc: false })
      Y.applyUpdate(agreed, refused.agreed)
      this.team.documents.set(document, agreed)
      this.happen({ kind: 'reopen', document })
    }
    this.happen({ kind: 'places', documents: copy ? [document, copy] : [document] })
    this.#tellRefusals()
    return copy
  }

  async stay(): Promise<void> {
    this.answers.push('stay')
  }

  async leave(): Promise<void> {
    this.answers.push('leave')
  }

  async about(document: string): Promise<About> {
    const linked_from = await this.places(this.team.linking(document))
    return { writers: [...this.team.members].map(({ me }) => me), linked_from }
  }

  async device(): Promise<Device> {
    return {
      name: 'Sheaf in a browser',
      version: '0.1.0',
      folder: '/home/ada/.local/share/dev.sheaf.desktop',
    }
  }

  async openFolder(): Promise<void> {
    this.opened.push((await this.device()).folder)
  }

  async setZoom(factor: number): Promise<void> {
    this.zoom = factor
  }

  async openLink(href: string): Promise<void> {
    this.opened.push(href)
  }

  listen(listener: (event: BackendEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Writes a paragraph at the end, as a person at this device would. */
  async write(document: string, text: string): Promise<void> {
    const paragraph = new Y.XmlElement('paragraph')
    paragraph.insert(0, [new Y.XmlText(text)])
    await this.#add(document, paragraph)
  }

  /** Puts a rule at the end. */
  async rule(document: string): Promise<void> {
    await this.#add(document, new Y.XmlElement('horizontalRule'))
  }

  /** Says what the connection is now. */
  tell(sync: Sync): void {
    this.sync = sync
    this.happen({ kind: 'sync', sync })
  }

  /** Cuts the line to the team, or mends it. */
  set online(is: boolean) {
    this.#online = is
    if (is) this.#waiting = 0
    this.#tellCompany()
    this.tell(is ? { state: 'synced' } : { state: 'offline', waiting: this.#waiting })
    if (!is) return
    for (const document of this.#open) {
      this.happen({ kind: 'update', document, update: Y.encodeStateAsUpdate(this.#doc(document)) })
    }
  }

  /** Lets an event happen. */
  override happen(event: BackendEvent): void {
    for (const listener of this.#listeners) listener(event)
  }

  #enter(): ProblemCode | null {
    if (this.refusing) throw new Problem(this.refusing)
    this.tell({ state: 'synced' })
    return this.notice
  }

  async #add(document: string, block: Y.XmlElement): Promise<void> {
    const copy = new Y.Doc()
    Y.applyUpdate(copy, Y.encodeStateAsUpdate(this.#doc(document)))
    const before = Y.encodeStateVector(copy)
    copy.getXmlFragment('default').push([block])
    await this.commit(document, Y.encodeStateAsUpdate(copy, before))
  }

  #doc(document: string): Y.Doc {
    const doc = this.team.find(document)
    if (!doc) throw new Problem('not_found', document)
    return doc
  }

  protected override whyRefused(document: string): string | null {
    return this.#refused.get(document)?.code ?? null
  }

  #tellRefusals(): void {
    const documents = this.#refused.size
    this.tell(documents > 0 ? { state: 'refused', documents } : { state: 'synced' })
  }

  /** The document that this person looks at. */
  get #front(): string | undefined {
    return [...this.#open].pop()
  }

  #bringToFront(document: string): void {
    this.#open.delete(document)
    this.#open.add(document)
  }

  /** Does what may change where this person is, and tells everyone. */
  #move(change: () => void): void {
    const before = this.#front
    change()
    const now = this.#front
    if (before !== undefined && before !== now) this.#tellPeople(before)
    if (now !== undefined) this.#tellPeople(now)
  }

  #tellPeople(document: string): void {
    for (const member of this.team.members) {
      const people: Person[] = [...this.team.members]
        .filter((other) => other !== member && other.#front === document)
        .map((other) => ({
          session: other.me.id,
          id: other.me.id,
          name: other.me.name,
          caret: other.#caret?.document === document ? other.#caret.at : null,
        }))
      member.happen({ kind: 'people', document, people })
    }
  }

  /** Who is in the workspace, besides this person; nobody can be seen while the line is cut. */
  #company(): Person[] {
    if (!this.#online) return []
    const others = [...this.team.members].filter((member) => member !== this && member.#online)
    return others.map(({ me }) => ({ session: me.id, id: me.id, name: me.name, caret: null }))
  }

  #tellCompany(): void {
    for (const member of this.team.members)
      member.happen({ kind: 'people', document: null, people: member.#company() })
  }
}
