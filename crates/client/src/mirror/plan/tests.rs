//! Every case that a folder and its documents can come to, told on paper.

use sheaf_document::ids::ContentHash;
use sheaf_protocol::record::Parent;

use super::*;

/// Both sides of a mirror, and what they last agreed on. Documents are called by their titles, words are what they say.
#[derive(Default)]
struct Desk {
    rows: Rows,
    disk: Disk,
    documents: Documents,
    hints: Hints,
}

fn id(title: &str) -> DocumentId {
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(title.bytes()).for_each(|(byte, letter)| *byte = letter);
    DocumentId::from_bytes(bytes)
}

fn says(words: &str) -> ContentHash {
    ContentHash::of(words.as_bytes())
}

impl Desk {
    /// These files and their documents agree; a file's words are its path, a document below `Plan.md` lies in `Plan`.
    fn agreeing(paths: &[&str]) -> Self {
        let mut desk = Self { disk: Disk { is_there: true, ..Disk::default() }, ..Self::default() };
        for path in paths {
            desk.save(path, path);
            let title = below(paths::name(path));
            let parent = Some(paths::folder(path)).filter(|it| !it.is_empty()).map(|it| id(paths::name(it)));
            desk.document(title, parent, title);
            let row = Row {
                path: (*path).to_owned(),
                hash: Some(says(path)),
                inode: None,
                title: title.to_owned(),
            };
            desk.rows.insert(id(title), row);
        }
        desk
    }

    fn document(&mut self, name: &str, parent: Parent, title: &str) {
        let standing = Standing { parent, title: title.to_owned(), is_changed: false, is_empty: false };
        self.documents.insert(id(name), standing);
    }

    /// Somebody saves a file.
    fn save(&mut self, path: &str, words: &str) {
        self.disk.files.insert(path.to_owned(), Found { hash: says(words), inode: None });
        let mut folder = paths::folder(path);
        while !folder.is_empty() {
            self.disk.folders.insert(folder.to_owned());
            folder = paths::folder(folder);
        }
    }

    fn delete(&mut self, path: &str) {
        assert!(self.disk.files.remove(path).is_some(), "{path} is there");
        let files = self.disk.files.clone();
        self.disk.folders.retain(|folder| files.keys().any(|path| path.starts_with(&format!("{folder}/"))));
    }

    fn rename(&mut self, from: &str, to: &str) {
        let found = self.disk.files[from];
        self.delete(from);
        self.save(to, "");
        self.disk.files.insert(to.to_owned(), found);
    }

    fn type_in(&mut self, name: &str) {
        self.documents.get_mut(&id(name)).unwrap().is_changed = true;
    }

    /// A colleague puts a document into the trash.
    fn trash(&mut self, name: &str) {
        self.documents.remove(&id(name));
    }

    fn plan(&self) -> Plan {
        plan(&self.rows, &self.disk, &self.documents, &self.hints)
    }

    /// What is done, and when missing files have been missing for long.
    fn steps(&mut self) -> Vec<Step> {
        self.hints.ripe = self.documents.keys().copied().collect();
        let plan = self.plan();
        assert_eq!(plan.question, None);
        plan.steps
    }
}

fn merge(name: &str, path: &str, words: &str) -> Step {
    Step::Merge { document: id(name), path: path.to_owned(), hash: says(words) }
}

fn follow(name: &str, path: &str) -> Step {
    Step::Follow { document: id(name), path: path.to_owned() }
}

fn create(path: &str, words: &str) -> Step {
    Step::Create { path: path.to_owned(), hash: says(words) }
}

fn write(name: &str, path: &str, over: Option<&str>) -> Step {
    Step::Write { document: id(name), path: path.to_owned(), over: over.map(says) }
}

fn rename(name: &str, from: &str, to: &str) -> Step {
    Step::Rename { document: id(name), from: from.to_owned(), to: to.to_owned() }
}

fn trash(name: &str) -> Step {
    Step::Trash { document: id(name) }
}

#[test]
fn where_both_agree_there_is_nothing_to_do() {
    assert_eq!(Desk::agreeing(&["Plan.md", "Plan/May.md", "Log.md"]).steps(), []);
}

#[test]
fn a_save_from_vim_and_typing_meet_before_anything_is_written() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.save("Plan.md", "Imke's");
    assert_eq!(desk.steps(), [merge("Plan", "Plan.md", "Imke's")]);
    desk.type_in("Plan");
    desk.type_in("Log");
    assert_eq!(
        desk.steps(),
        [merge("Plan", "Plan.md", "Imke's")],
        "the file first; nothing is written over it"
    );
    desk.rows.get_mut(&id("Plan")).unwrap().hash = Some(says("Imke's"));
    assert_eq!(
        desk.steps(),
        [write("Log", "Log.md", Some("Log.md")), write("Plan", "Plan.md", Some("Imke's"))]
    );
}

#[test]
fn what_could_not_be_merged_is_never_written_over() {
    let mut desk = Desk::agreeing(&["Plan.md"]);
    desk.save("Plan.md", "Imke's");
    desk.type_in("Plan");
    desk.hints.failed.insert(merge("Plan", "Plan.md", "Imke's"));
    assert_eq!(desk.steps(), [], "both stay as they are until a person helps");
    desk.save("Plan.md", "Imke's, again");
    assert_eq!(desk.steps(), [merge("Plan", "Plan.md", "Imke's, again")], "another save is another try");
}

#[test]
fn a_renamed_file_is_the_same_document() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.rename("Plan.md", "Harvest.md");
    assert_eq!(desk.steps(), [follow("Plan", "Harvest.md")]);
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md", "Log/May.md"]);
    desk.rename("Plan.md", "Log/Plan.md");
    assert_eq!(desk.steps(), [follow("Plan", "Log/Plan.md")], "moved below another");
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.rows.get_mut(&id("Plan")).unwrap().inode = Some(7);
    desk.delete("Plan.md");
    desk.save("Harvest.md", "changed at once");
    desk.disk.files.get_mut("Harvest.md").unwrap().inode = Some(7);
    assert_eq!(
        desk.steps(),
        [follow("Plan", "Harvest.md")],
        "renamed and changed: the system knows it as the same"
    );
}

#[test]
fn a_name_that_only_changes_its_case_is_renamed() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.rename("Plan.md", "PLAN.md");
    assert_eq!(desk.steps(), [follow("Plan", "PLAN.md")]);
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.document("Plan", None, "plan");
    assert_eq!(
        desk.steps(),
        [rename("Plan", "Plan.md", "plan.md")],
        "nor does its own old name stand in the way"
    );
}

#[test]
fn names_that_clash_by_case_are_told_apart() {
    let mut desk = Desk::agreeing(&["Plan.md"]);
    desk.document("new", None, "plan");
    desk.document("newer", None, "PLAN");
    assert_eq!(desk.steps(), [write("new", "plan 2.md", None), write("newer", "PLAN 3.md", None)]);
    let mut desk = Desk::agreeing(&["Plan.md"]);
    desk.save("plan.md", "a disk that tells them apart");
    assert_eq!(
        desk.steps(),
        [create("plan.md", "a disk that tells them apart")],
        "two files are two documents"
    );
}

#[test]
fn an_editor_that_saves_by_renaming_changes_one_file() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.rows.get_mut(&id("Plan")).unwrap().inode = Some(7);
    // The old file lies beside under another name, a new one took its place.
    desk.save("Plan.md", "changed");
    desk.disk.files.get_mut("Plan.md").unwrap().inode = Some(8);
    desk.save("Plan.bak.md", "Plan.md");
    desk.disk.files.get_mut("Plan.bak.md").unwrap().inode = Some(7);
    assert_eq!(desk.steps(), [merge("Plan", "Plan.md", "changed"), create("Plan.bak.md", "Plan.md")]);
}

#[test]
fn an_editor_that_deletes_first_is_waited_for() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.delete("Plan.md");
    let plan = desk.plan();
    assert_eq!(
        (plan.steps, plan.missing),
        (vec![], BTreeSet::from([id("Plan")])),
        "not yet, and it is not written"
    );
    desk.save("Plan.md", "there it is");
    assert_eq!(desk.plan().steps, [merge("Plan", "Plan.md", "there it is")]);
}

#[test]
fn a_deleted_file_puts_its_document_into_the_trash() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.delete("Plan.md");
    assert_eq!(desk.steps(), [trash("Plan")]);
    desk.trash("Plan");
    assert_eq!(desk.steps(), [Step::Forget { document: id("Plan") }]);
    let mut desk = Desk::agreeing(&["Plan.md", "Plan/May.md", "Log.md", "Minutes.md", "Notes.md"]);
    desk.delete("Plan.md");
    desk.delete("Plan/May.md");
    assert_eq!(desk.steps(), [trash("Plan")], "what stands under it goes along, and comes back along");
}

#[test]
fn words_win_over_their_absence() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.delete("Plan.md");
    desk.type_in("Plan");
    assert_eq!(desk.steps(), [write("Plan", "Plan.md", None)], "a colleague changed what was deleted here");
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.trash("Plan");
    desk.save("Plan.md", "Imke's");
    let restored = [Step::Restore { document: id("Plan") }, merge("Plan", "Plan.md", "Imke's")];
    assert_eq!(desk.steps(), restored, "what a colleague deleted was changed here");
}

#[test]
fn a_file_is_not_deleted_while_others_stand_under_it() {
    let mut desk = Desk::agreeing(&["Plan.md", "Plan/May.md", "Log.md"]);
    desk.delete("Plan.md");
    assert_eq!(
        desk.steps(),
        [write("Plan", "Plan.md", None)],
        "its document holds May, which nobody deleted"
    );
    let mut desk = Desk::agreeing(&["Plan.md", "Plan/May.md", "Log.md"]);
    desk.rename("Plan/May.md", "May.md");
    desk.delete("Plan.md");
    assert_eq!(desk.steps(), [follow("May", "May.md"), trash("Plan")], "unless it was taken out before");
}

#[test]
fn a_folder_that_vanishes_is_never_a_mass_deletion() {
    let paths: Vec<String> = (0..60).map(|number| format!("{number}.md")).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let mut desk = Desk::agreeing(&paths);
    desk.hints.ripe = desk.documents.keys().copied().collect();
    desk.disk = Disk::default();
    assert_eq!(desk.plan().question, Some(Question::Vanished), "a disk was taken out");
    assert_eq!(desk.plan().steps, []);
    desk.disk.is_there = true;
    assert_eq!(desk.plan().question, Some(Question::Missing(60)), "only the place where it hangs is there");
    desk.type_in("7");
    assert_eq!(desk.plan().steps, [], "nothing is written where the disk is not");
    for path in paths.iter().skip(21) {
        desk.save(path, path);
    }
    assert_eq!(desk.plan().question, None, "so few may be a person's doing, one of them was changed");
    desk.delete("30.md");
    assert_eq!(desk.plan().question, Some(Question::Missing(21)));
    desk.hints.answer = Answer::Trash;
    assert_eq!(desk.plan().steps.iter().filter(|step| matches!(step, Step::Trash { .. })).count(), 21);
    desk.hints.answer = Answer::Write;
    let written = desk.plan().steps;
    assert_eq!(written.len(), 22, "or all are written again");
    assert!(written.iter().all(|step| matches!(step, Step::Write { over: None, .. })));
}

#[test]
fn the_last_file_is_not_taken_for_deleted_without_a_question() {
    let mut desk = Desk::agreeing(&["Plan.md"]);
    desk.hints.ripe = desk.documents.keys().copied().collect();
    desk.delete("Plan.md");
    assert_eq!(
        desk.plan().question,
        Some(Question::Missing(1)),
        "an empty folder may be a disk that is not there"
    );
}

#[test]
fn what_cannot_be_read_is_as_it_was() {
    for (unclear, gone) in [("Log.md", "Log.md"), ("Plan", "Plan/May.md")] {
        let mut desk = Desk::agreeing(&["Plan.md", "Plan/May.md", "Log.md"]);
        desk.delete(gone);
        desk.disk.unclear.insert(unclear.to_owned());
        assert_eq!(desk.steps(), [], "{unclear} is a link, a pipe, or cannot be read: nothing was deleted");
        desk.type_in(below(paths::name(gone)));
        assert_eq!(desk.steps(), [], "nor is anything written there");
    }
}

#[test]
fn a_folder_without_a_file_is_a_document_all_the_same() {
    let mut desk = Desk::agreeing(&["Log.md"]);
    desk.save("a/b/Deep.md", "deep");
    let folder = |path: &str| Step::Folder { path: path.to_owned() };
    assert_eq!(
        desk.steps(),
        [folder("a"), folder("a/b"), create("a/b/Deep.md", "deep")],
        "from the top down"
    );
    for (path, name, parent) in [("a.md", "a", None), ("a/b.md", "b", Some(id("a")))] {
        let row = Row { path: path.to_owned(), hash: None, inode: None, title: name.to_owned() };
        desk.rows.insert(id(name), row);
        desk.document(name, parent, name);
        desk.documents.get_mut(&id(name)).unwrap().is_empty = true;
    }
    assert_eq!(desk.steps(), [create("a/b/Deep.md", "deep")]);
    desk.rows.insert(
        id("Deep"),
        Row { path: "a/b/Deep.md".into(), hash: Some(says("deep")), inode: None, title: "Deep".into() },
    );
    desk.document("Deep", Some(id("b")), "Deep");
    assert_eq!(desk.steps(), [], "no empty files are written for folders");
    let b = desk.documents.get_mut(&id("b")).unwrap();
    (b.is_changed, b.is_empty) = (true, false);
    assert_eq!(desk.steps(), [write("b", "a/b.md", None)], "until somebody writes in it");
}

#[test]
fn a_new_document_gets_a_file_and_a_new_title_another_name() {
    let mut desk = Desk::agreeing(&["Plan.md", "Plan/May.md"]);
    desk.document("June", Some(id("Plan")), "June: the harvest");
    desk.document("Lists", Some(id("June")), "Lists");
    assert_eq!(
        desk.steps(),
        [
            write("June", "Plan/June- the harvest.md", None),
            write("Lists", "Plan/June- the harvest/Lists.md", None)
        ]
    );
    let mut desk = Desk::agreeing(&["Plan.md", "Plan/May.md"]);
    desk.document("Plan", None, "Harvest");
    let moved = [rename("Plan", "Plan.md", "Harvest.md"), rename("May", "Plan/May.md", "Harvest/May.md")];
    assert_eq!(desk.steps(), moved, "and what stands under it moves along");
}

#[test]
fn a_name_that_a_person_chose_stays() {
    let mut desk = Desk::agreeing(&["plan-2027.md"]);
    desk.rows.get_mut(&id("plan-2027")).unwrap().title = "The plan".to_owned();
    desk.document("plan-2027", None, "The great plan");
    assert_eq!(desk.steps(), [], "the title stands in the file, the name was never the title's");
}

#[test]
fn a_document_that_was_trashed_takes_its_file_along() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    desk.trash("Plan");
    let removed = Step::Remove { document: id("Plan"), path: "Plan.md".into(), hash: says("Plan.md") };
    assert_eq!(desk.steps(), [removed]);
}

#[test]
fn a_copy_that_a_cloud_drive_made_is_kept_beside() {
    let mut desk = Desk::agreeing(&["Plan.md", "Log.md"]);
    let copy = "Plan (Ada's conflicted copy 2026-11-22).md";
    desk.save("Plan.md", "Imke's");
    desk.save(copy, "Ada's");
    assert_eq!(desk.steps(), [merge("Plan", "Plan.md", "Imke's"), create(copy, "Ada's")], "both are there");
}
