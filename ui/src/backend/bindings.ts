// @generated from src-tauri/src/shapes.rs; a test fails when it is stale.

export type Start = { 
/**
 * The workspace's name; none for one that is on this device alone.
 */
workspace: string | null, 
/**
 * Whether a relay holds it too.
 */
shared: boolean, 
/**
 * Who writes here.
 */
me: Me, 
/**
 * Where the person was when the app ended.
 */
place: Place | null, 
/**
 * What the person sees of the tree.
 */
tree: TreeView, 
/**
 * The state of the connection.
 */
sync: Sync, 
/**
 * Whether this page stands in for one whose process ended.
 */
revived: boolean, };

export type Workspace = { 
/**
 * Its id.
 */
id: string, 
/**
 * Its name; none for the one that is on this device alone.
 */
name: string | null, 
/**
 * Whether it is the one that the window opens.
 */
here: boolean, 
/**
 * How it stands; null while it is not open.
 */
sync: Sync | null, 
/**
 * Why it does not open.
 */
problem: ProblemCode | null, };

export type Visit = { 
/**
 * The document.
 */
document: string, 
/**
 * The workspace that has it.
 */
workspace: string, };

export type Me = { 
/**
 * Their id.
 */
id: string, 
/**
 * Their name; empty before they joined a team.
 */
name: string, };

export type Level = { "under": string | null } | "trash" | "recovered" | "favourites";

export type PlaceRow = { 
/**
 * The document.
 */
id: string, 
/**
 * What it lies under; none at the top.
 */
parent: string | null, 
/**
 * Its place among its siblings: text that sorts as they do; of equal ones the lesser id comes first.
 */
order: string, 
/**
 * Its title; empty when it has none.
 */
title: string, 
/**
 * Its icon; empty when it has none.
 */
icon: string, 
/**
 * How many documents lie right below it, without those in the trash.
 */
children: number, 
/**
 * Whether it was put into the trash.
 */
trashed: boolean, 
/**
 * Whether no way leads from it to the top.
 */
recovered: boolean, 
/**
 * Whether it is one of this person's favourites.
 */
favourite: boolean, 
/**
 * Why the relay refused changes of its text, if it did.
 */
refused: string | null, 
/**
 * When it was last changed here.
 */
updated_at: number, };

export type Spot = { 
/**
 * The row's order.
 */
order: string, 
/**
 * Its document.
 */
id: string, };

export type TreeView = { 
/**
 * The documents below which is seen what lies there.
 */
expanded: Array<string>, 
/**
 * How far the tree is scrolled, in pixels.
 */
scroll: number, };

export type RefusedRecord = { 
/**
 * Names it.
 */
row: number, 
/**
 * Why, as a code of the catalogue.
 */
code: string, 
/**
 * The document that it is about; none for one about a person or a file.
 */
document: string | null, 
/**
 * That document's title, or the file's name.
 */
title: string, 
/**
 * What the document should have gone under, where it should have gone somewhere.
 */
parent: string | null, };

export type SettleRecord = "retry" | "discard";

export type FileRow = { 
/**
 * Names it: BLAKE3 of its bytes, as 64 hexadecimal digits.
 */
hash: string, 
/**
 * What it is called; empty where nobody has said so yet.
 */
name: string, 
/**
 * Its bytes; 0 where nobody has said so yet.
 */
size: number, 
/**
 * What it is, as a media type; empty where nobody has said so yet.
 */
media: string, 
/**
 * How wide a picture is, in pixels.
 */
width: number | null, 
/**
 * How high it is.
 */
height: number | null, 
/**
 * Who added it, where that is known.
 */
person: string | null, 
/**
 * Whether it is a picture that may be shown.
 */
picture: boolean, 
/**
 * Where its bytes are.
 */
state: FileState, 
/**
 * How many of them have been carried, while they are on their way.
 */
done: number, 
/**
 * What keeps them, if a person should know.
 */
problem: ProblemCode | null, };

export type FileState = "here" | "uploading" | "coming" | "missing" | "refused";

export type About = { 
/**
 * Everybody who wrote in it.
 */
writers: Array<FoundPerson>, 
/**
 * The documents that link to it, but for those in the trash.
 */
linked_from: Array<PlaceRow>, };

export type Device = { 
/**
 * What it is called at relays.
 */
name: string, 
/**
 * The version of Sheaf.
 */
version: string, 
/**
 * The folder where everything of it lies.
 */
folder: string, };

export type Found = { 
/**
 * Documents, the most relevant first.
 */
documents: Array<Hit>, 
/**
 * People of this workspace.
 */
people: Array<FoundPerson>, 
/**
 * How many documents changed and are not looked through as they are; they are in a later answer.
 */
left: number, };

export type Hit = { 
/**
 * The document.
 */
id: string, 
/**
 * Its title; empty when it has none.
 */
title: Passage, 
/**
 * Its icon; empty when it has none.
 */
icon: string, 
/**
 * The titles of what it lies under, from the top.
 */
path: Array<string>, 
/**
 * Where the words are.
 */
found_in: FoundIn, 
/**
 * A passage of its text.
 */
snippet: Passage, 
/**
 * When it last changed.
 */
updated_at: number, };

export type Passage = { 
/**
 * The text, on one line.
 */
text: string, 
/**
 * From where to where the words are, in order; as JavaScript counts.
 */
marks: Array<[number, number]>, };

export type FoundIn = "title" | "headings" | "text";

export type FoundPerson = { 
/**
 * Who they are.
 */
id: string, 
/**
 * Their name.
 */
name: string, };

export type Choice = "folder" | "file";

export type Surveyed = { 
/**
 * What the document will be called that all of it stands under.
 */
name: string, 
/**
 * How many documents there will be; 0 where there is nothing to bring in.
 */
documents: number, 
/**
 * What will be left out.
 */
left: LeftOut, };

export type Imported = { 
/**
 * The document that all of it stands under; null where nothing was made.
 */
document: string | null, 
/**
 * What that is called.
 */
title: string, 
/**
 * How many documents were made.
 */
documents: number, 
/**
 * How many files they show.
 */
files: number, 
/**
 * What was left out.
 */
left: LeftOut, 
/**
 * Somebody ended it; what was made is in the trash.
 */
cancelled: boolean, 
/**
 * Why it could not go on; what was made is in the trash.
 */
problem: ProblemCode | null, };

export type Exported = { 
/**
 * What the new file or folder is called.
 */
name: string, 
/**
 * How many documents are in it.
 */
documents: number, 
/**
 * How many files they show.
 */
files: number, 
/**
 * What is not in it.
 */
left: LeftOut, };

export type LeftOut = { 
/**
 * How much.
 */
count: number, 
/**
 * The first of it, by path.
 */
first: Array<Left>, };

export type Left = { 
/**
 * Where it lies in the folder.
 */
path: string, 
/**
 * Why: a name of the catalogue.
 */
reason: string, 
/**
 * As many megabytes would have been taken, where it is too large.
 */
most: number | null, };

export type Scope = "workspace" | { "below": string } | { "alone": string };

export type Format = "markdown" | "html";

export type Sync = { "state": "local" } | { "state": "offline", 
/**
 * Changes that wait for it.
 */
waiting: number, } | { "state": "connecting", 
/**
 * Changes that wait for it.
 */
waiting: number, } | { "state": "catching_up", 
/**
 * Entries stored so far.
 */
through: number, 
/**
 * Entries in all.
 */
head: number, } | { "state": "sending", 
/**
 * How many.
 */
waiting: number, } | { "state": "synced" } | { "state": "refused", 
/**
 * Documents with refused changes; none where changes of the tree alone were refused.
 */
documents: number, } | { "state": "signed_out", 
/**
 * Changes that wait.
 */
waiting: number, } | { "state": "turned_away", 
/**
 * Why.
 */
code: ProblemCode, 
/**
 * Changes that wait.
 */
waiting: number, };

export type Person = { 
/**
 * Names their connection.
 */
session: string, 
/**
 * Who they are.
 */
id: string, 
/**
 * Their name.
 */
name: string, 
/**
 * Their caret, as the editor wrote it; null when they only look.
 */
caret: string | null, };

export type Members = { 
/**
 * When the relay was asked last; null where it never was.
 */
at: number | null, 
/**
 * Everyone.
 */
people: Array<Member>, };

export type Member = { 
/**
 * Their id.
 */
id: string, 
/**
 * Their name.
 */
name: string, 
/**
 * What they may do; null where the relay was not asked since they came.
 */
role: Role | null, };

export type Role = "owner" | "member";

export type Invitation = { 
/**
 * The link to hand on, good for one person.
 */
link: string, 
/**
 * When it lapses.
 */
expires_at: number, };

export type Place = { 
/**
 * The document.
 */
document: string, 
/**
 * The caret, as the editor wrote it.
 */
caret: string | null, };

export type JoinRequest = { 
/**
 * The invitation link.
 */
invitation: string, 
/**
 * The person's name.
 */
name: string, 
/**
 * Their e-mail address.
 */
email: string, 
/**
 * Their password.
 */
password: string, 
/**
 * Whether they insist on a relay that is not encrypted.
 */
insist: boolean, };

export type SignInRequest = { 
/**
 * The person's e-mail address.
 */
email: string, 
/**
 * Their password.
 */
password: string, };

export type Refused = { 
/**
 * A code of the catalogue.
 */
code: string, 
/**
 * The passages that only this device has, a line each.
 */
words: string, };

export type Settlement = { "how": "retry" } | { "how": "keep_copy", 
/**
 * The other one's title.
 */
title: string, } | { "how": "discard" };

export type ProblemCode = "disk_full" | "corrupt" | "newer" | "locked" | "invalid" | "too_large" | "not_found" | "not_here" | "internal" | "invitation" | "credentials" | "email_taken" | "field" | "other_person" | "other_workspace" | "signed_out" | "insecure" | "unreachable" | "not_a_relay" | "version" | "busy" | "no_keychain" | "keychain_locked" | "not_brought" | "cycle" | "no_parent" | "too_deep" | "file_too_large" | "file_no_room" | "file_gone" | "file_failed" | "cancelled";

export type Problem = { 
/**
 * A code of the catalogue.
 */
code: ProblemCode, 
/**
 * Detail for a report; never shown by itself.
 */
detail: string, };
