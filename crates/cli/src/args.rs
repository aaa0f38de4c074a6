//! What can be asked of `sheaf`: the grammar, and the help that teaches it.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  sheaf new 'Shopping' < list.md          a new document from a Markdown file
  sheaf list                              what there is
  sheaf cat Shopping                      a document as Markdown
  sheaf search milk                       where there is milk in it
  date | sheaf append Shopping            one more paragraph
  sheaf import ~/notes                    a folder of Markdown files
  sheaf export --into ~/backup            everything as Markdown files
  sheaf join https://relay.example.org/join#…
  sheaf sync                              send and fetch, then end

DOC is a document's id, the beginning of one, or its title.

Exit codes:
  0  done
  1  failed                     5  the relay cannot be reached, or not in time
  2  asked in a wrong way       6  refused by the relay or by a rule
  3  no such thing here         7  nobody is signed in
  4  open in the app: nothing was changed; reading works all the same";

/// A replica of your workspace without a window, for terminals, scripts and bots.
///
/// Everything you write is on this device first; `sheaf sync` brings it to the relay of your team, if you joined one.
#[derive(Debug, Parser)]
#[command(name = "sheaf", version, after_help = EXAMPLES, arg_required_else_help = true)]
pub struct Cli {
    /// The folder that holds your workspaces; by default the app's own
    #[arg(long, global = true, value_name = "DIR", env = "SHEAF_PROFILE", hide_env_values = true)]
    pub profile: Option<PathBuf>,
    /// Say everything as JSON, one object a line; failures go to standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Join a team by an invitation, or sign in again with one's address
    Join(Join),
    /// Bring this workspace to a relay, with everything in it
    Publish(Publish),
    /// Make an invitation link, good for one more person
    Invite,
    /// Say how things stand: workspace, relay, changes that wait
    Status,
    /// List the documents, as the tree that they stand in
    List(List),
    /// Find documents by the words in them
    Search(Search),
    /// Make a document; its body is Markdown from standard input, if something is piped in
    New(New),
    /// Print a document as Markdown
    Cat(Cat),
    /// Add Markdown from standard input at the end of a document
    Append(Append),
    /// Put a document under another, or at the top
    Move(Move),
    /// Put a document into the trash, with everything under it
    Trash(Which),
    /// Take a document out of the trash
    Restore(Which),
    /// Bring in a folder of files, or one file
    Import(Import),
    /// Write documents as files that other programs read
    Export(Export),
    /// Send what waits and fetch what is new, then end; or stay and say what changes
    Sync(Sync),
    /// Keep a folder of Markdown files in step with the documents, both ways
    Mirror(Mirror),
    /// Play an editing trace into a document, as if somebody typed it
    Replay(Replay),
}

/// `sheaf join`.
#[derive(Debug, Args)]
#[command(after_help = "\
Asks for what it is not told. Scripts give the password in SHEAF_PASSWORD: on a command line, others could read it.
Joining changes nothing about the workspaces that are here; the team's becomes the one that `sheaf` works on.

Examples:
  sheaf join 'https://relay.example.org/join#…'        with the link that you were sent
  echo \"$LINK\" | sheaf join -                          a link that should not stand in the history
  sheaf join https://relay.example.org --sign-in       with an account that you have")]
pub struct Join {
    /// The invitation link, or with --sign-in the relay's address; `-` reads it from standard input
    pub link: String,
    /// Sign in with an account that exists
    #[arg(long)]
    pub sign_in: bool,
    /// Who joins
    #[command(flatten)]
    pub person: Person,
}

/// `sheaf publish`.
#[derive(Debug, Args)]
#[command(after_help = "\
A relay that nobody used yet takes the workspace over as it is, ids included. To a relay with a team on it the documents
are brought along. Interrupted, it goes on with sheaf sync; until the relay has everything, this device has it.

Example:
  sheaf publish 'https://relay.example.org/join#…'     with the link that sheaf-relay printed at its first start")]
pub struct Publish {
    /// The invitation link, the owner's of an empty relay; `-` reads it from standard input
    pub link: String,
    /// Who publishes
    #[command(flatten)]
    pub person: Person,
    /// Give up waiting after so many seconds; nothing is lost by that
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub within: u64,
}

/// Somebody who joins a relay.
#[derive(Debug, Args)]
pub struct Person {
    /// What others will call you
    #[arg(long, env = "SHEAF_NAME", hide_env_values = true)]
    pub name: Option<String>,
    /// Your address
    #[arg(long, env = "SHEAF_EMAIL", hide_env_values = true)]
    pub email: Option<String>,
    /// What this device is called
    #[arg(long, value_name = "NAME", default_value = "command line")]
    pub device_name: String,
    /// Insist on a relay without encryption: everyone on the way can read along
    #[arg(long)]
    pub insecure_http: bool,
}

/// `sheaf new`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sheaf new 'Minutes of Monday'
  sheaf new Recipes < recipes.md
  id=$(sheaf new Log --json < /dev/null | jq -r .id)")]
pub struct New {
    /// Its title
    pub title: String,
}

/// `sheaf search`.
#[derive(Debug, Args)]
#[command(after_help = "\
All of the words, in any order; case and accents do not matter. Works beside a running app.

  \"night shift\"            these words together        -crane             without this word
  by:ada                   written by Ada, too         in:minutes         below a document with this title
  after:2026-03            changed then or later       before:2026-03-31  changed before that day, in UTC
  in:trash                 only what is in the trash

Examples:
  sheaf search harbour crane
  sheaf search '\"night shift\" -crane by:imke' --json | jq -r '.documents[0].id'")]
pub struct Search {
    /// What to look for
    #[arg(required = true, value_name = "WORD")]
    pub words: Vec<String>,
    /// At most so many documents
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
}

/// `sheaf cat`.
#[derive(Debug, Args)]
#[command(
    after_help = "Works beside a running app. What Markdown cannot say is kept in blocks that Sheaf reads back."
)]
pub struct Cat {
    /// Which document: its id, the beginning of one, or its title
    #[arg(value_name = "DOC")]
    pub document: String,
    /// The plain text, one line for each paragraph, without the title
    #[arg(long)]
    pub text: bool,
}

/// `sheaf append`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sheaf append Log < entry.md
  printf -- '- [ ] call Imke\\n' | sheaf append 'To do'")]
pub struct Append {
    /// Which document: its id, the beginning of one, or its title
    #[arg(value_name = "DOC")]
    pub document: String,
}

/// `sheaf list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sheaf list                              the tree; what stands nowhere comes last
  sheaf list --flat --json | jq -r '.documents[0].title'")]
pub struct List {
    /// One after the other, the one that changed last first, those in the trash too
    #[arg(long, conflicts_with = "trash")]
    pub flat: bool,
    /// What is in the trash
    #[arg(long)]
    pub trash: bool,
}

/// `sheaf move`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  sheaf move Minutes --under Meetings
  sheaf move Minutes                      to the top")]
pub struct Move {
    /// Which document: its id, the beginning of one, or its title
    #[arg(value_name = "DOC")]
    pub document: String,
    /// Under which document; without it, at the top
    #[arg(long, value_name = "DOC")]
    pub under: Option<String>,
}

/// `sheaf trash` and `sheaf restore`.
#[derive(Debug, Args)]
#[command(after_help = "What is in the trash keeps its text and its history, and takes changes as before.")]
pub struct Which {
    /// Which document: its id, the beginning of one, or its title
    #[arg(value_name = "DOC")]
    pub document: String,
}

/// `sheaf import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Folders become documents with what is in them below, pictures and links between the files come along, and whatever cannot
be read is named, with the reason. Everything stands under one document, which is in the trash until all of it is there: stopped
half-way, it stays there.

Examples:
  sheaf import ~/notes
  sheaf import minutes.md --under Meetings
  sheaf import ~/notes --json | jq -r '.left[] | \"\\(.reason) \\(.path)\"'")]
pub struct Import {
    /// The folder, or the file
    pub path: PathBuf,
    /// Under which document; without it, at the top
    #[arg(long, value_name = "DOC")]
    pub under: Option<String>,
}

/// `sheaf export`.
#[derive(Debug, Args)]
#[command(after_help = "\
Works beside a running app. Nothing that is there is overwritten: a name that is taken is told apart by a number. What is in
the trash stays there.

Examples:
  sheaf export --into ~/backup            everything
  sheaf export Meetings --into .          a document, and all that stands under it
  sheaf export Meetings --alone --into .")]
pub struct Export {
    /// Which document: its id, the beginning of one, or its title; without it, everything
    #[arg(value_name = "DOC")]
    pub document: Option<String>,
    /// As what
    #[arg(long = "as", value_name = "FORMAT", value_enum, default_value_t = As::Md)]
    pub format: As,
    /// Into which folder; it is made if it is not there
    #[arg(long, value_name = "FOLDER")]
    pub into: PathBuf,
    /// Without what stands under it
    #[arg(long, requires = "document")]
    pub alone: bool,
}

/// What files an export is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// Markdown
    Md,
    /// Pages of HTML, with their pictures in them
    Html,
}

/// `sheaf sync`.
#[derive(Debug, Args)]
#[command(after_help = "\
Ends with 0 only when the relay holds all that was written here and this device all that the relay has. Where no keychain
keeps the session, SHEAF_EMAIL and SHEAF_PASSWORD sign in for this one run.")]
pub struct Sync {
    /// Stay connected and say what changes, until Ctrl-C; meanwhile the workspace is taken
    #[arg(long, conflicts_with = "within")]
    pub follow: bool,
    /// Give up after so many seconds; nothing is lost by that
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub within: u64,
}

/// `sheaf mirror`.
#[derive(Debug, Args)]
#[command(after_help = "\
Save a file with any editor, and it is a change of its document; colleagues' changes come into the files. What both changed
is merged. A file that is deleted puts its document into the trash, and many that vanish at once are a question.

Examples:
  sheaf mirror ~/Notes                    until Ctrl-C; meanwhile the workspace is taken
  sheaf mirror ~/Notes/Team --document Team
  sheaf mirror ~/Notes --once && git -C ~/Notes commit -am 'Notes'")]
pub struct Mirror {
    /// The folder; it is made if it is not there
    pub folder: PathBuf,
    /// Only what stands under this document
    #[arg(long, value_name = "DOC")]
    pub document: Option<String>,
    /// End as soon as both say the same
    #[arg(long)]
    pub once: bool,
    /// What it means that many files are missing: they were deleted, or they are to be written again
    #[arg(long, value_name = "WHAT", value_enum)]
    pub missing: Option<Missing>,
}

/// What many missing files mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Missing {
    /// Their documents go into the trash
    Trash,
    /// They are written again
    Write,
}

/// `sheaf replay`.
#[derive(Debug, Args)]
#[command(after_help = "\
Traces are JSON files, plain or gzipped, of one person (sequential) or of several (concurrent). The text lies in a code
block of its own; at the end it is compared with the trace's.

Examples:
  sheaf replay paper.json.gz
  sheaf replay pair.json.gz --into Race --as-person 1 --of 2      on one device, and on the other:
  sheaf replay pair.json.gz --into Race --as-person 2 --of 2")]
pub struct Replay {
    /// The trace
    pub trace: PathBuf,
    /// Play into this document instead of a new one
    #[arg(long, value_name = "DOC")]
    pub into: Option<String>,
    /// Edits per second; by default as fast as they can be saved. With it, a joined relay hears them at once
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub pace: Option<u32>,
    /// Play only this person's part, counted from 1 in the order of first words; others play theirs elsewhere
    #[arg(long, value_name = "N", requires_all = ["of", "into"])]
    pub as_person: Option<usize>,
    /// How many people play
    #[arg(long, value_name = "M", requires = "as_person")]
    pub of: Option<usize>,
    /// With --as-person: give up after so many seconds without the others
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    pub within: u64,
}
