//! The forms that the database file has had, in order. A released step is never edited: a change is a new step at the
//! end, which first adds (expand) and only steps later removes (contract), because a user's disk is the one thing
//! that cannot be deployed again. The file says in `user_version` how many steps it has taken.

use rusqlite::{Connection, Transaction};

use crate::error::{Result, StoreError};
use crate::table::{
    agreed, author, document, epoch, favourite, file, folded, fork, log, member, outbox, place, records,
    refusal, replica, setting, snapshot, upload,
};

/// Marks a database as a workspace of Sheaf: "Shea" in ASCII.
const APPLICATION_ID: i32 = 0x5368_6561;

/// Every step, each a list of statements that stand beside the code which relies on them.
const STEPS: &[&[&str]] = &[
    &[
        replica::CREATE,
        setting::CREATE,
        document::CREATE,
        author::CREATE,
        epoch::CREATE,
        log::CREATE,
        outbox::CREATE,
        fork::CREATE,
        folded::CREATE,
        snapshot::CREATE,
    ],
    &[records::CREATE, place::CREATE, agreed::CREATE, favourite::CREATE, member::CREATE, refusal::CREATE],
    &[file::CREATE, upload::CREATE],
    &[document::STALE, replica::TREE],
    &[document::NUMBER_CHANGES],
];

/// How many steps there are: the form that this build reads and writes.
pub(crate) const NEWEST: u32 = STEPS.len() as u32;

/// Says whether this build can read a file, without writing to it; returns how many steps it has taken.
pub(crate) fn examine(connection: &Connection) -> Result<u32> {
    let application: i32 = connection.query_row("PRAGMA application_id", [], |row| row.get(0))?;
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if application != APPLICATION_ID {
        return Err(StoreError::Foreign);
    }
    if found > NEWEST {
        return Err(StoreError::Newer { found, known: NEWEST });
    }
    Ok(found)
}

/// Takes the steps that a file has not taken yet.
pub(crate) fn migrate(transaction: &Transaction<'_>, taken: u32) -> Result<()> {
    take(transaction, STEPS, taken)
}

fn take(transaction: &Transaction<'_>, steps: &[&[&str]], taken: u32) -> Result<()> {
    for statements in steps.iter().skip(taken as usize) {
        for statement in *statements {
            transaction.execute_batch(statement)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", steps.len())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a later Sheaf might do: a column more, filled from what is there.
    const LATER: &[&str] = &[
        "ALTER TABLE setting ADD COLUMN length INTEGER NOT NULL DEFAULT 0",
        "UPDATE setting SET length = length(value)",
    ];

    /// Takes steps on Imke's file, all or none.
    fn update(imke: &mut Connection, steps: &[&[&str]], taken: u32) -> Result<()> {
        let transaction = imke.transaction()?;
        take(&transaction, steps, taken)?;
        Ok(transaction.commit()?)
    }

    fn version(imke: &Connection) -> u32 {
        imke.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
    }

    /// A file as this build makes it, with a setting in it.
    fn file() -> Connection {
        let mut imke = Connection::open_in_memory().unwrap();
        update(&mut imke, STEPS, 0).unwrap();
        setting::put(&imke, "theme", Some("dark")).unwrap();
        imke
    }

    #[test]
    fn a_file_takes_the_steps_that_it_lacks_and_keeps_what_it_holds() {
        let steps = [STEPS, &[LATER]].concat();
        let mut imke = file();
        let taken = examine(&imke).unwrap();
        update(&mut imke, &steps, taken).unwrap();
        assert_eq!(version(&imke), NEWEST + 1, "it says how far it has come");
        let length: u32 = imke.query_row("SELECT length FROM setting", [], |row| row.get(0)).unwrap();
        assert_eq!(length, 4, "the new step saw what was there");
        assert_eq!(setting::get(&imke, "theme").unwrap().as_deref(), Some("dark"), "and it is there");

        update(&mut imke, &steps, NEWEST + 1).unwrap();
        assert_eq!(version(&imke), NEWEST + 1, "a step is taken once");
        let newer = examine(&imke);
        assert!(matches!(newer, Err(StoreError::Newer { .. })), "the older Sheaf leaves it alone: {newer:?}");
    }

    #[test]
    fn documents_of_a_time_without_a_tree_are_found_among_what_was_recovered() {
        let mut imke = Connection::open_in_memory().unwrap();
        update(&mut imke, STEPS.get(..1).unwrap(), 0).unwrap();
        imke.execute("INSERT INTO document (document) VALUES (?1)", [[7; 16]]).unwrap();
        update(&mut imke, STEPS, 1).unwrap();
        let lost: u8 = imke.query_row("SELECT lost FROM place", [], |row| row.get(0)).unwrap();
        assert_eq!(lost, place::HOMELESS, "it has words and no place");
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let mut imke = file();
        let broken = [STEPS, &[LATER, &["UPDATE nothing SET at = all"]]].concat();
        update(&mut imke, &broken, NEWEST).expect_err("there is no such table");
        assert_eq!(examine(&imke).unwrap(), NEWEST, "not a step of several was taken");
        let column = imke.query_row("SELECT length FROM setting", [], |row| row.get::<_, u32>(0));
        column.expect_err("nor a part of one");
        assert_eq!(
            setting::get(&imke, "theme").unwrap().as_deref(),
            Some("dark"),
            "all that it held is there"
        );
    }
}
