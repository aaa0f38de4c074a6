//! What is to be answered at the end of one input: one frame for each connection.

use std::collections::BTreeMap;

use bytes::Bytes;
use sheaf_document::ids::DocumentId;
use sheaf_protocol::frame::{Answer, Frame};
use sheaf_protocol::limits;

use super::members::Connection;
use super::{Conn, Output};

/// Answers that wait to be sent.
#[derive(Default)]
pub struct Answers(BTreeMap<Conn, Vec<Answer>>);

impl Answers {
    /// Adds an answer for a connection.
    pub fn add(&mut self, conn: Conn, answer: Answer) {
        self.0.entry(conn).or_default().push(answer);
    }

    /// Says whether anything waits to be sent to a connection.
    pub fn has(&self, conn: Conn) -> bool {
        self.0.contains_key(&conn)
    }

    /// Sends everything to those who are still here.
    pub fn send(&mut self, members: &BTreeMap<Conn, Connection>, out: &mut Vec<Output>) {
        for (conn, mut answers) in std::mem::take(&mut self.0) {
            if !members.contains_key(&conn) {
                continue;
            }
            say_once(&mut answers);
            while answers.len() > limits::ENTRIES {
                let rest = answers.split_off(limits::ENTRIES);
                out.push(Output::Send(conn, Frame::Answers(std::mem::replace(&mut answers, rest))));
            }
            out.push(Output::Send(conn, Frame::Answers(answers)));
        }
    }
}

/// Leaves each document's state vector in its last `Missing` only: a run of edits that hang on one another is refused
/// as a whole, and its state vector may be long.
fn say_once(answers: &mut [Answer]) {
    let mut said: Option<DocumentId> = None;
    for answer in answers.iter_mut().rev() {
        if let Answer::Missing { document, have, .. } = answer
            && said.replace(*document) == Some(*document)
        {
            *have = Bytes::new();
        }
    }
}
