//! Prints the schema as JSON; `schema.json` beside this crate is its output.

#![allow(clippy::print_stdout)]

fn main() -> serde_json::Result<()> {
    println!("{}", serde_json::to_string_pretty(&sheaf_document::schema::table())?);
    Ok(())
}
