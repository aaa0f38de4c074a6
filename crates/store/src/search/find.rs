//! Asks the index. The most relevant kind of hit comes first, and the newest first among those of a kind.
//!
//! Each kind is one question to FTS5, which gives its rows from the newest on; as soon as there are enough, nothing more is
//! read. So a word that stands in every document costs no more than one that stands in some, and nothing is ever weighed
//! that is not shown.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use sheaf_document::ids::DocumentId;
use sheaf_document::search::{Filters, Query, Snippet, Term, highlights, snippet};
use sheaf_protocol::entry::Millis;

use super::below::below;
use super::index::Index;
use super::refresh::{first_id, token};
use super::sift::Sift;
use super::{expression, similar};
use crate::error::Result;
use crate::store::Store;
use crate::table::document::document_at;
use crate::table::{level, member, replica};
use crate::tree::MemberRow;

/// Characters of a snippet.
const WIDTH: usize = 160;
/// Bytes of text that are looked through for the snippets of one query.
const LOOKED_THROUGH: usize = 2 << 20;
/// People who are found.
const PEOPLE: usize = 8;
/// Ids of so much time may have been borrowed by what changed before it, in milliseconds.
const BORROWED: i64 = 60 * 60 * 1000;

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Found {
    /// Documents, the most relevant first.
    pub hits: Vec<Hit>,
    /// People of this workspace whose names it is.
    pub people: Vec<MemberRow>,
    /// How many documents changed and are not looked through as they are.
    pub left: u64,
}

/// A document that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The document.
    pub document: DocumentId,
    /// Why it was found.
    pub kind: Kind,
    /// Its title, and where in it the words are, in UTF-16 code units.
    pub title: Snippet,
    /// The sign beside its title; empty for none.
    pub icon: String,
    /// The titles of what it stands under, from the top.
    pub path: Vec<String>,
    /// A passage of its text.
    pub snippet: Snippet,
    /// When it last changed.
    pub updated_at: Millis,
}

/// Why a document was found, the most relevant first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// These words are its title.
    Called,
    /// Its title begins with them.
    Begins,
    /// They are in its title.
    Titled,
    /// They are in its title and headings.
    Headed,
    /// They are in its text.
    Written,
    /// Words that are nearly these are in its title.
    Similar,
}

impl Index {
    /// Returns the documents that a query asks for, at most so many, as they were when they were last brought in.
    ///
    /// # Errors
    /// When a disk fails.
    pub fn find(&self, store: &Store, query: &Query, most: usize) -> Result<Found> {
        let left = self.left(store)?;
        if query.is_empty() {
            return Ok(Found { left, ..Found::default() });
        }
        self.read(|index| {
            store.read(|tree| {
                let people = people(tree, query)?;
                let mut asked = Asked::new(index, tree, query, most)?;
                asked.ask()?;
                let mut found = std::mem::take(&mut asked.found);
                let mut shown = query.clone();
                if found.is_empty()
                    && let Some(corrected) = similar::corrected(index, query)?
                {
                    let mut asked = Asked::new(index, tree, &corrected, most)?;
                    asked.gather(Kind::Similar, HEAD, &expression::titled(&corrected.all))?;
                    found = std::mem::take(&mut asked.found);
                    shown = corrected;
                }
                let mut limit = LOOKED_THROUGH;
                let hits = found.into_iter().map(|(kind, id)| hit(index, tree, &shown, kind, id, &mut limit));
                Ok(Found { hits: hits.collect::<Result<_>>()?, people, left })
            })
        })
    }
}

/// A query on its way.
struct Asked<'a> {
    index: &'a Connection,
    query: &'a Query,
    sift: Sift<'a>,
    most: usize,
    /// What has to be among a document's writers; none may be enough.
    writers: Option<String>,
    none: Option<String>,
    /// The ids that the time leaves.
    ids: (i64, i64),
    /// And those that a place leaves, where they are few.
    below: Option<BTreeSet<i64>>,
    seen: BTreeSet<i64>,
    found: Vec<(Kind, i64)>,
}

impl<'a> Asked<'a> {
    fn new(index: &'a Connection, tree: &'a Connection, query: &'a Query, most: usize) -> Result<Self> {
        let filters = &query.filters;
        let writers = if filters.by.is_empty() {
            None
        } else {
            let people = member::all(tree)?
                .into_iter()
                .filter(|(_, name)| filters.by.iter().any(|term| term.is_in(name)));
            let mut tokens: Vec<String> = people.map(|(person, _)| token(person.as_bytes())).collect();
            if tokens.is_empty() {
                // Nobody is called so, and nobody wrote anything.
                tokens.push(token(&[0; 16]));
            }
            Some(expression::writers(&tokens))
        };
        let none = (!query.none.is_empty()).then(|| expression::text(&expression::any(&query.none)));
        let last = filters.until.map_or(i64::MAX, |until| first_id(until.saturating_add(BORROWED)));
        let ids = (filters.since.map_or(0, first_id), last);
        let below = match filters.under.first() {
            Some(named) => below(index, tree, named)?,
            None => None,
        };
        let (sift, seen, found) = (Sift::new(tree, filters), BTreeSet::new(), Vec::new());
        Ok(Self { index, query, sift, most, writers, none, ids, below, seen, found })
    }

    fn ask(&mut self) -> Result<()> {
        let all = &self.query.all;
        if all.is_empty() {
            return match self.writers.clone() {
                Some(writers) => self.gather(Kind::Written, WORD, &writers),
                None => self.gather(
                    Kind::Written,
                    "SELECT id FROM page WHERE ?1 = '' AND id BETWEEN ?2 AND ?3 ORDER BY id DESC",
                    "",
                ),
            };
        }
        let called: Vec<&str> = all.iter().flat_map(|term| &term.words).map(String::as_str).collect();
        let calls = "SELECT id FROM page WHERE called = ?1 AND id BETWEEN ?2 AND ?3 ORDER BY id DESC";
        self.gather(Kind::Called, calls, &called.join(" "))?;
        self.gather(Kind::Begins, HEAD, &expression::begins(all))?;
        self.gather(Kind::Titled, HEAD, &expression::titled(all))?;
        self.gather(Kind::Headed, HEAD, &expression::all(all))?;
        let mut text = expression::text(&expression::all(all));
        if let Some(writers) = &self.writers {
            text = format!("{text} AND {writers}");
        }
        self.gather(Kind::Written, WORD, &text)
    }

    /// Takes what a question gives, from the newest on, until there is enough.
    fn gather(&mut self, kind: Kind, question: &str, asked: &str) -> Result<()> {
        if self.found.len() >= self.most || self.below.as_ref().is_some_and(BTreeSet::is_empty) {
            return Ok(());
        }
        let mut statement = self.index.prepare_cached(question)?;
        let mut rows = statement.query(params![asked, self.ids.0, self.ids.1])?;
        while let Some(row) = rows.next()? {
            let id = row.get(0)?;
            if self.below.as_ref().is_some_and(|below| !below.contains(&id)) {
                continue;
            }
            if self.seen.insert(id) && self.passes(kind, id)? {
                self.found.push((kind, id));
                if self.found.len() >= self.most {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Says whether a row may be shown, besides its words.
    fn passes(&mut self, kind: Kind, id: i64) -> Result<bool> {
        // In its text that was a part of the question.
        if let Some(writers) = self.writers.as_deref().filter(|_| kind != Kind::Written)
            && !self.matches(writers, id)?
        {
            return Ok(false);
        }
        if let Some(none) = self.none.as_deref()
            && self.matches(none, id)?
        {
            return Ok(false);
        }
        let mut page = self.index.prepare_cached("SELECT document, at FROM page WHERE id = ?1")?;
        let (document, at) = page.query_row([id], |row| Ok((document_at(row, 0)?, row.get::<_, i64>(1)?)))?;
        let in_time = self.query.filters.span().is_none_or(|span| span.contains(&at));
        Ok(in_time && self.sift.passes(document)?)
    }

    fn matches(&self, expression: &str, id: i64) -> Result<bool> {
        let mut statement =
            self.index.prepare_cached("SELECT 1 FROM word WHERE word MATCH ?1 AND rowid = ?2")?;
        Ok(statement.query_row(params![expression, id], |_| Ok(())).optional()?.is_some())
    }
}

const HEAD: &str =
    "SELECT rowid FROM head WHERE head MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC";
const WORD: &str =
    "SELECT rowid FROM word WHERE word MATCH ?1 AND rowid BETWEEN ?2 AND ?3 ORDER BY rowid DESC";

/// Returns the people whose names a query's words are.
fn people(tree: &Connection, query: &Query) -> Result<Vec<MemberRow>> {
    if query.filters != Filters::default() || !query.none.is_empty() {
        return Ok(Vec::new());
    }
    let open = |term: &Term| Term { prefix: true, ..term.clone() };
    let terms: Vec<Term> = query.all.iter().map(open).collect();
    let all = member::all(tree)?.into_iter().filter(|(_, name)| terms.iter().all(|term| term.is_in(name)));
    Ok(all.take(PEOPLE).map(|(person, name)| MemberRow { person, name }).collect())
}

/// Returns what is shown of a document that was found.
fn hit(
    index: &Connection,
    tree: &Connection,
    query: &Query,
    kind: Kind,
    id: i64,
    limit: &mut usize,
) -> Result<Hit> {
    let mut page = index.prepare_cached("SELECT document, at, title, body FROM page WHERE id = ?1")?;
    page.query_row([id], |row| {
        let (title, body) = (row.get::<_, String>(2)?, row.get_ref(3)?.as_str()?);
        let highlights = highlights(&title, query);
        let snippet = snippet(body, query, WIDTH, limit);
        Ok((document_at(row, 0)?, row.get(1)?, Snippet { text: title, highlights }, snippet))
    })
    .map_err(Into::into)
    .and_then(|(document, at, title, snippet)| {
        let me = replica::identity(tree)?.author.person;
        let mut path = level::path(tree, me, document)?;
        let row = path.pop();
        let path = path.into_iter().map(|row| row.title).collect();
        let (icon, updated_at) = row.map_or((String::new(), at), |row| (row.icon, row.updated_at));
        Ok(Hit { document, kind, title, icon, path, snippet, updated_at })
    })
}
