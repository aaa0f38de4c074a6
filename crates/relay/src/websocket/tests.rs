//! Framing: what a client may send, what it may not, and what a connection costs.

use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::frame::{Opcode, unmask};
use super::*;

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A client's frame, by hand.
fn client(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut line = vec![first];
    match payload.len() {
        short @ 0..=125 => line.push(0x80 | short as u8),
        middle @ 126..=0xffff => {
            line.push(0x80 | 126);
            line.extend((middle as u16).to_be_bytes());
        }
        long => {
            line.push(0x80 | 127);
            line.extend((long as u64).to_be_bytes());
        }
    }
    line.extend(MASK);
    let mut masked = payload.to_vec();
    unmask(&mut masked, MASK);
    line.extend(masked);
    line
}

fn all(reader: &mut Reader) -> Vec<Message> {
    std::iter::from_fn(|| reader.message().unwrap()).collect()
}

#[test]
fn messages_arrive_whole_however_the_network_cuts_them() {
    let long: Vec<u8> = (0..70_000).map(|i| (i % 251) as u8).collect();
    let mut line = client(0x82, b"hello");
    line.extend(client(0x89, b"are you there"));
    line.extend(client(0x02, b"in "));
    line.extend(client(0x8a, b""));
    line.extend(client(0x80, b"pieces"));
    line.extend(client(0x82, &long));
    line.extend(client(0x82, &[7; 300]));
    line.extend(client(0x88, &[]));
    let expected = vec![
        Message::Binary(Bytes::from_static(b"hello")),
        Message::Ping(Bytes::from_static(b"are you there")),
        Message::Pong,
        Message::Binary(Bytes::from_static(b"in pieces")),
        Message::Binary(long.into()),
        Message::Binary(vec![7; 300].into()),
        Message::Close,
    ];
    for portion in [1, 2, 3, 7, 64, 4_096, line.len()] {
        let mut reader = Reader::new(100_000);
        let mut messages = Vec::new();
        for part in line.chunks(portion) {
            reader.take_in(part);
            messages.extend(all(&mut reader));
        }
        assert_eq!(messages, expected, "cut into portions of {portion}");
    }
}

#[test]
fn what_breaks_the_rules_is_refused_before_it_is_believed() {
    let refusal = |line: &[u8]| {
        let mut reader = Reader::new(1_000);
        reader.take_in(line);
        reader.message()
    };
    let mut unmasked = client(0x82, b"hello");
    unmasked[1] &= 0x7f;
    assert_eq!(refusal(&unmasked), Err(Close::Protocol), "clients must mask");
    assert_eq!(refusal(&client(0xc2, b"x")), Err(Close::Protocol), "no extension was agreed on");
    assert_eq!(refusal(&client(0x81, b"x")), Err(Close::Unsupported), "text");
    assert_eq!(refusal(&client(0x83, b"x")), Err(Close::Protocol), "an unknown opcode");
    assert_eq!(refusal(&client(0x09, b"x")), Err(Close::Protocol), "a ping in pieces");
    assert_eq!(refusal(&client(0x89, &[0; 126])), Err(Close::Protocol), "a long ping");
    assert_eq!(refusal(&client(0x80, b"x")), Err(Close::Protocol), "an end without a beginning");
    let claims_much = [0x82, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert_eq!(refusal(&claims_much), Err(Close::TooBig), "a claimed length allocates nothing");
    let pieces = [client(0x02, &[0; 600]), client(0x80, &[0; 600])].concat();
    assert_eq!(refusal(&pieces), Err(Close::TooBig), "pieces count together");
}

#[test]
fn a_reader_between_messages_holds_nothing() {
    let mut reader = Reader::new(100_000);
    reader.take_in(&client(0x82, &[1; 50_000]));
    drop(all(&mut reader));
    let print = format!("{reader:?}");
    assert!(print.contains("arrived: b\"\""), "nothing is half-read: {print}");
}

#[test]
fn our_frames_are_what_the_standard_says() {
    let mut line = Vec::new();
    frame::write(Opcode::Ping, b"Hello", &mut line);
    assert_eq!(line, [0x89, 5, b'H', b'e', b'l', b'l', b'o'], "RFC 6455, section 5.7");
    assert_eq!(framed([Bytes::from(vec![0; 256])])[..4], [0x82, 126, 1, 0]);
    assert_eq!(framed([Bytes::from(vec![0; 65_536])])[..10], [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
}

fn request(more: &[(&'static str, &'static str)]) -> HeaderMap {
    let usual = [
        ("connection", "keep-alive, Upgrade"),
        ("upgrade", "WebSocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let pairs = usual.iter().chain(more);
    pairs.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
}

#[test]
fn the_handshake_answers_websockets_from_our_own_windows_and_programs_only() {
    let ours = "http://127.0.0.1:7400";
    let answer = accept(&request(&[]), ours);
    assert_eq!(answer.as_deref(), Ok("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "RFC 6455, section 1.3");
    assert!(accept(&request(&[("origin", "tauri://localhost")]), ours).is_ok());
    assert!(accept(&request(&[("origin", ours)]), ours).is_ok());
    let evil = accept(&request(&[("origin", "https://evil.example")]), ours);
    assert_eq!(
        evil,
        Err(Unfit::ForeignOrigin),
        "any page can reach loopback; the browser tells which one tried"
    );
    let mut old = request(&[]);
    old.insert("sec-websocket-version", HeaderValue::from_static("8"));
    assert_eq!(accept(&old, ours), Err(Unfit::NotWebSocket));
}

async fn pair() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (ours, theirs) = tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
    (ours.unwrap(), theirs.unwrap().0)
}

fn patience(ping: u64, dead: u64) -> Patience {
    Patience { ping: Duration::from_millis(ping), dead: Duration::from_millis(dead) }
}

#[tokio::test]
async fn a_slow_reader_fills_its_own_buffer_and_no_more() {
    let (mut tomas, ours) = pair().await;
    let outgoing = Arc::new(Outgoing::new(256 * 1024));
    let mut connection = Connection::new(ours, b"", 1_000, outgoing.clone(), patience(60_000, 60_000));
    let line = framed([Bytes::from(vec![1; 64 * 1024])]);
    let relay = tokio::spawn(async move { connection.receive().await });
    let mut taken = 0_usize;
    let full = loop {
        match outgoing.push(&line) {
            Ok(()) => taken += 1,
            Err(full) => break full,
        }
        tokio::task::yield_now().await;
        assert!(taken < 10_000, "somebody who reads nothing cannot be sent gigabytes");
    };
    assert_eq!(full, Full);
    // Tomás reads after all: he gets whole frames and the last words, for he has to catch up anyhow.
    outgoing.finish(&close_line(Close::Normal));
    let mut arrived = Vec::new();
    tomas.read_to_end(&mut arrived).await.unwrap();
    let (frames, end) = arrived.split_at(arrived.len() - 4);
    assert_eq!(frames.len() % line.len(), 0, "no frame is torn");
    assert_eq!(end, close_line(Close::Normal));
    assert_eq!(relay.await.unwrap(), Err(Ended::Closed));
}

#[tokio::test(start_paused = true)]
async fn a_silent_peer_is_asked_and_then_given_up() {
    let (mut ada, ours) = pair().await;
    let outgoing = Arc::new(Outgoing::new(1_024));
    let mut connection = Connection::new(ours, b"", 1_000, outgoing, patience(15_000, 30_000));
    let began = tokio::time::Instant::now();
    assert_eq!(connection.receive().await, Err(Ended::Lost));
    assert_eq!(began.elapsed().as_secs(), 30, "dead after thirty seconds of silence");
    drop(connection);
    let mut heard = Vec::new();
    ada.read_to_end(&mut heard).await.unwrap();
    assert_eq!(heard, [0x89, 0], "after fifteen seconds she was asked once");
}

#[tokio::test]
async fn a_ping_is_answered_while_the_relay_waits_for_a_message() {
    let (mut imke, ours) = pair().await;
    let outgoing = Arc::new(Outgoing::new(1_024));
    let mut connection = Connection::new(ours, b"", 1_000, outgoing, patience(60_000, 60_000));
    let relay = tokio::spawn(async move { connection.receive().await });
    imke.write_all(&client(0x89, b"you?")).await.unwrap();
    let mut pong = [0; 6];
    imke.read_exact(&mut pong).await.unwrap();
    assert_eq!(&pong, b"\x8a\x04you?");
    imke.write_all(&client(0x82, b"hello")).await.unwrap();
    assert_eq!(relay.await.unwrap(), Ok(Bytes::from_static(b"hello")));
}
