//! What a question costs in 10,000 documents of realistic length, beside the same words asked of a bare FTS5 table that holds
//! the same text and ranks by its own measure; and how soon what was just written is found.
//!
//! The words of the documents follow Zipf's law, as people's do, over syllables; some documents are in Chinese characters.
//! Each kind of question is asked with many different words, ours and the bare one in turns.

use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use rusqlite::Connection;
use sheaf_client::{Clock, Profile, Reader, Replica};
use sheaf_document::Document;
use sheaf_document::ids::DocumentId;
use sheaf_document::search::{Query, folded};
use sheaf_document::tree::{Element, Node};
use sheaf_protocol::entry::Origin;
use sheaf_protocol::record::{MemberWrite, Order, PlaceWrite, Record};
use sheaf_store::search::Index;
use sheaf_store::{Access, LocalRecord, LocalWrite, Options, Store};
use sheaf_stories::figure::{Figure, median};

/// Documents, and words of each: 18 MB of text together.
const DOCUMENTS: u64 = 10_000;
const WORDS: usize = 300;
/// Different words.
const VOCABULARY: usize = 20_000;
/// So many results are asked for.
const RESULTS: usize = 20;
/// So many questions of each kind.
const QUESTIONS: usize = 300;
/// A minute apart, in milliseconds.
const APART: u64 = 60_000;
/// Every so many documents one is in Chinese.
const CHINESE: u64 = 20;
/// The others stand below so many.
const FOLDERS: u64 = 100;

/// Some questions of a kind.
type Kind = (&'static str, Box<dyn Fn(&mut Chance) -> String>);

fn main() -> anyhow::Result<()> {
    // `1` as the first argument: a look, not a result.
    let questions = if std::env::args().any(|argument| argument == "1") { 30 } else { QUESTIONS };
    let folder = tempfile::tempdir()?;
    let profile = Profile::open(folder.path())?;
    let clock = Clock::system();
    let workspace = profile.begin(&clock)?;
    let bare = Bare::new(&folder.path().join("bare.db"))?;
    fill(&profile.database(workspace), &bare, clock.now() - DOCUMENTS * APART)?;
    let begun = Instant::now();
    Reader::open(&profile, workspace)?.search(&Query::parse("x", 0), 1, |_| {})?;
    let each = begun.elapsed().as_secs_f64() * 1e3 / DOCUMENTS as f64;
    let what = "reading a document into the index, on average";
    Figure { group: "search", what, unit: "ms", ours: each }.at_most(5.0);

    let runtime = tokio::runtime::Runtime::new()?;
    let database = profile.database(workspace);
    Index::remove(&database)?;
    let replica = runtime.block_on(Replica::open(&profile, workspace, clock))?;
    let ask = |words: &str| runtime.block_on(replica.search(Query::parse(words, 0), RESULTS));
    let (mut busy, mut quiet) = (Vec::new(), Vec::new());
    let log = runtime.block_on(replica.create("Log", vec![paragraph("begun")], Origin::TYPED))?;
    let write = || -> anyhow::Result<f64> {
        let begun = Instant::now();
        runtime.block_on(replica.append(log, vec![paragraph("a word")], Origin::TYPED))?;
        Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    while ask("a word")?.is_none_or(|found| found.left > 1) {
        busy.push(write()?);
    }
    quiet.extend((0..busy.len().max(1)).map(|_| write()).collect::<anyhow::Result<Vec<_>>>()?);
    let what = "a commit while the index is being made, beside one when it is not";
    Figure { group: "search", what, unit: "ms", ours: median(busy) }.at_most_times(1.5, median(quiet));
    for (kind, make) in kinds() {
        let mut chance = Chance(7);
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..questions {
            let words = make(&mut chance);
            let begun = Instant::now();
            ask(&words)?;
            ours.push(begun.elapsed().as_secs_f64() * 1e3);
            let begun = Instant::now();
            bare.ask(&Query::parse(&words, 0))?;
            theirs.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let (p50, p99) = (median(ours.iter().copied()), percentile(ours, 0.99));
        let (bare50, bare99) = (median(theirs.iter().copied()), percentile(theirs, 0.99));
        say(&format!("{kind}: p50 {p50:.2} ms, p99 {p99:.2} ms; bare FTS5 p50 {bare50:.2}, p99 {bare99:.2}"));
        let what = format!("search for {kind}, p99 of 10,000 documents (limit: bare FTS5)");
        Figure { group: "search", what: &what, unit: "ms", ours: p99 }.at_most_beside(8.0, bare99);
    }
    let mut waits = Vec::new();
    for at in 0..questions.min(100) {
        let word = format!("justwritten{at}");
        let begun = Instant::now();
        runtime.block_on(replica.create("Now", vec![paragraph(&word)], Origin::TYPED))?;
        while ask(&word)?.is_none_or(|found| found.hits.is_empty()) {}
        waits.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let what = "from writing a document until it is found, p99";
    Figure { group: "search", what, unit: "ms", ours: percentile(waits, 0.99) }.at_most(1_000.0);
    runtime.block_on(replica.stop());
    Ok(())
}

/// The kinds of questions, each with other words every time.
fn kinds() -> Vec<Kind> {
    let kind =
        |name, make: fn(&mut Chance) -> String| (name, Box::new(make) as Box<dyn Fn(&mut Chance) -> String>);
    vec![
        kind("a common word", |chance| format!("{} ", word(chance.below(20)))),
        kind("a word", |chance| format!("{} ", word(20 + chance.below(2_000)))),
        kind("a rare word", |chance| format!("{} ", word(VOCABULARY / 2 + chance.below(VOCABULARY / 2)))),
        kind("a word that is nowhere", |chance| format!("zz{} ", word(chance.below(VOCABULARY)))),
        kind("two common words", |chance| format!("{} {} ", word(chance.below(20)), word(chance.below(20)))),
        kind("two words", |chance| format!("{} {} ", word(chance.below(500)), word(chance.below(5_000)))),
        kind("the first letter of a word", |chance| word(chance.below(2_000)).chars().take(1).collect()),
        kind("two letters of a word", |chance| word(chance.below(2_000)).chars().take(2).collect()),
        kind("four letters of a word", |chance| word(chance.below(2_000)).chars().take(4).collect()),
        kind("a phrase of common words", |chance| {
            format!("\"{} {}\"", word(chance.below(20)), word(chance.below(20)))
        }),
        kind("a phrase", |chance| format!("\"{} {}\"", word(chance.below(100)), word(chance.below(2_000)))),
        kind("one Chinese character", |chance| character(chance.below(600)).to_string()),
        kind("a Chinese word", |chance| {
            [character(chance.below(60)), character(chance.below(600))].iter().collect()
        }),
        kind("three Chinese characters", |chance| (0..3).map(|_| character(chance.below(60))).collect()),
        kind("a common word and no other", |chance| {
            format!("{} -{}", word(chance.below(20)), word(20 + chance.below(200)))
        }),
        kind("a common word of some days", |chance| {
            let day = 1 + chance.below(27);
            format!("{} after:2020-01-{day:02}", word(chance.below(20)))
        }),
        kind("a common word by somebody", |chance| format!("{} by:imke", word(chance.below(20)))),
        kind("a common word below a document", |chance| {
            format!("{} in:{}", word(chance.below(20)), word(chance.below(500)))
        }),
    ]
}

/// Fills a workspace, and the bare table with the same text.
fn fill(path: &Path, bare: &Bare, start: u64) -> anyhow::Result<()> {
    let mut store = Store::open(path, Options { key: None, access: Access::Write })?;
    let person = store.identity()?.author.person;
    let mut chance = Chance(1);
    let record = |record| LocalRecord { record, origin: Origin::IMPORTED, at: start };
    let mut records = vec![record(Record::Member(MemberWrite { person, name: "Imke".to_owned() }))];
    let mut last = None;
    for batch in 0..DOCUMENTS / 500 {
        let mut writes = Vec::new();
        bare.connection.execute_batch("BEGIN")?;
        for at in batch * 500..(batch + 1) * 500 {
            let title: Vec<String> = (0..4).map(|_| word(chance.zipf(VOCABULARY))).collect();
            let (title, text) = (title.join(" "), text(&mut chance, at % CHINESE == 0));
            bare.add(&title, &text)?;
            let mut document = Document::new(at + 1);
            let blocks: Vec<Node> = text.split('\n').map(paragraph).collect();
            let updates = [document.set_title(&title), document.append(&blocks)];
            let id = |at| DocumentId::fresh(at, [7; 10]);
            let order =
                Order::between(last.as_ref(), None, at).ok().context("there is room behind the last")?;
            let parent = (at >= FOLDERS).then(|| id(at % FOLDERS));
            records.push(record(Record::Place(PlaceWrite::at(id(at), parent, order.clone()))));
            last = Some(order);
            let (id, at) = (id(at), start + at * APART);
            writes.extend(updates.map(|bytes| LocalWrite {
                document: id,
                origin: Origin::IMPORTED,
                at,
                bytes: bytes.into(),
            }));
        }
        store.commit_records(&std::mem::take(&mut records), &writes)?;
        bare.connection.execute_batch("COMMIT")?;
    }
    Ok(())
}

fn text(chance: &mut Chance, is_chinese: bool) -> String {
    let mut text = String::new();
    for at in 1..=WORDS {
        match is_chinese {
            true => text.extend((0..2).map(|_| character(chance.zipf(3_000)))),
            false => text.push_str(&word(chance.zipf(VOCABULARY))),
        }
        match (at % 50, is_chinese) {
            (0, _) => text.push('\n'),
            (_, false) => text.push(' '),
            (_, true) => {}
        }
    }
    text
}

/// The word of a rank: common ones are short.
fn word(rank: usize) -> String {
    const FIRST: &[u8] = b"bcdfghjklmnprstvwz";
    const THEN: &[u8] = b"aeiou";
    let (mut word, mut left) = (String::new(), rank * 7 + 3);
    while left > 0 || word.len() < 3 {
        word.extend(FIRST.get(left % FIRST.len()).map(|byte| char::from(*byte)));
        left /= FIRST.len();
        word.extend(THEN.get(left % THEN.len()).map(|byte| char::from(*byte)));
        left /= THEN.len();
    }
    word
}

fn character(rank: usize) -> char {
    char::from_u32(0x4e00 + (rank as u32 * 7) % 20_000).unwrap_or('一')
}

fn paragraph(words: &str) -> Node {
    Element::new("paragraph").containing([Node::text(words)]).into()
}

/// FTS5 as it comes: one table, its own ranking.
struct Bare {
    connection: Connection,
}

impl Bare {
    fn new(path: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(path)?;
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        connection.execute_batch("CREATE VIRTUAL TABLE page USING fts5 (title, text)")?;
        Ok(Self { connection })
    }

    fn add(&self, title: &str, text: &str) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached("INSERT INTO page (title, text) VALUES (?1, ?2)")?;
        insert.execute([folded(title), folded(text)]).map(drop)
    }

    fn ask(&self, query: &Query) -> rusqlite::Result<usize> {
        let phrase =
            |words: &[String], open| format!("\"{}\"{}", words.join(" "), if open { "*" } else { "" });
        let all: Vec<String> = query.all.iter().map(|term| phrase(&term.words, term.prefix)).collect();
        let mut select = self.connection.prepare_cached(
            "SELECT rowid, title, snippet(page, 1, '[', ']', '…', 24) FROM page WHERE page MATCH ?1 ORDER BY rank LIMIT ?2",
        )?;
        let rows = select.query_map((all.join(" AND "), RESULTS as i64), |row| row.get::<_, i64>(0))?;
        Ok(rows.count())
    }
}

/// Chance that is the same in every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A rank, by Zipf's law with exponent 1: its logarithm is even.
    fn zipf(&mut self, end: usize) -> usize {
        let even = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        (((end + 1) as f64).powf(even) as usize).saturating_sub(1).min(end - 1)
    }
}

fn percentile(mut values: Vec<f64>, part: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = (values.len() as f64 * part).ceil() as usize;
    values.get(at.saturating_sub(1)).copied().unwrap_or_default()
}

#[expect(clippy::print_stdout, reason = "what a bench prints is its result")]
fn say(line: &str) {
    println!("{line}");
}
