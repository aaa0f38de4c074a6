//! `GET /api/v1/socket`: the request that becomes a WebSocket, and the WebSocket's life.
//!
//! The access token comes in the `Authorization` header or in the hello, never in the address. Until the hello is there
//! and good, a connection counts as a stranger's and may send one short message.

use std::net::IpAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use sheaf_protocol::codec::{self, Side};
use sheaf_protocol::cut::Joiner;
use sheaf_protocol::frame::{Frame, Hello};
use sheaf_protocol::limits;
use sheaf_protocol::problem::Code;
use tokio::net::TcpStream;

use super::bearer::{Peer, token};
use super::{App, Refused};
use crate::accounts::tokens::Bearer;
use crate::listen::Stranger;
use crate::room::Conn;
use crate::websocket::{self, Connection, Outgoing, Unfit};
use crate::writer::last_words;

/// Answers the handshake; the rest happens once the answer is out.
pub(super) async fn socket(
    State(app): State<Arc<App>>,
    Peer(peer): Peer,
    mut request: Request,
) -> Result<Response, Refused> {
    let accept = websocket::accept(request.headers(), &app.origin).map_err(|unfit| match unfit {
        Unfit::ForeignOrigin => Code::FORBIDDEN,
        Unfit::NotWebSocket => Code::PROTOCOL,
    })?;
    let bearer = bearer(&app, request.headers())?;
    let stranger = request.extensions_mut().remove::<Arc<Stranger>>();
    let stranger = stranger.and_then(|stranger| stranger.counted_at(peer)).ok_or(Code::BUSY)?;
    let upgrade = hyper::upgrade::on(&mut request);
    app.tasks.spawn(live(app.clone(), upgrade, bearer, stranger, peer));
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept.parse().map_err(|_| Code::INTERNAL)?);
    Ok(response)
}

/// A token in the header must be good; without one the hello brings it.
fn bearer(app: &App, headers: &HeaderMap) -> Result<Option<Bearer>, Refused> {
    match token(headers) {
        None => Ok(None),
        Some(token) => Ok(Some(app.tokens.check(&token).ok_or(Code::UNAUTHENTICATED)?)),
    }
}

async fn live(
    app: Arc<App>,
    upgrade: OnUpgrade,
    bearer: Option<Bearer>,
    stranger: Arc<Stranger>,
    peer: IpAddr,
) {
    let Ok(upgraded) = upgrade.await else { return };
    let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else { return };
    let outgoing = Arc::new(Outgoing::new(app.bounds.outgoing));
    let (stream, early) = (parts.io.into_inner(), parts.read_buf);
    let mut connection =
        Connection::new(stream, &early, limits::HELLO, outgoing.clone(), app.bounds.patience);
    drop(early);
    match hello(&app, &mut connection, bearer).await {
        Ok((hello, bearer)) => {
            drop(stranger);
            connection.accept_up_to(limits::MESSAGE);
            let trace = hello.trace;
            if let Ok(conn) = app.writer.join(bearer, hello, outgoing.clone()).await {
                let (device, conn_id) = (bearer.device, conn.0);
                tracing::info!(trace, conn = conn_id, device.id = %device, %peer, "a replica connected");
                relay_frames(&app, &mut connection, &outgoing, conn, bearer).await;
                app.writer.leave(bearer.scope.workspace, conn).await;
                tracing::info!(trace, conn = conn_id, "a replica left");
            }
        }
        Err(Some(code)) => outgoing.finish(&last_words(code, None)),
        Err(None) => return,
    }
    connection.close(app.bounds.farewell).await;
}

/// Waits for the hello and finds out whom it speaks for; `None` when the line is lost.
async fn hello(
    app: &App,
    connection: &mut Connection,
    bearer: Option<Bearer>,
) -> Result<(Hello, Bearer), Option<Code>> {
    let first = tokio::time::timeout(app.bounds.hello, connection.receive()).await;
    let first = first.map_err(|_| Code::UNAUTHENTICATED)?.map_err(|_| None)?;
    let frame = codec::decode(first, Side::Replica).map_err(|error| error.code())?;
    let Frame::Hello(hello) = frame else { return Err(Some(Code::PROTOCOL)) };
    let told = hello.token.as_ref().and_then(|token| app.tokens.check(token));
    let bearer = bearer.or(told).ok_or(Code::UNAUTHENTICATED)?;
    if hello.workspace != bearer.scope.workspace {
        return Err(Some(Code::NOT_FOUND));
    }
    Ok((hello, bearer))
}

/// Hands frames on until the connection ends.
async fn relay_frames(
    app: &App,
    connection: &mut Connection,
    outgoing: &Outgoing,
    conn: Conn,
    bearer: Bearer,
) {
    let mut joiner = Joiner::new();
    while let Ok(message) = connection.receive().await {
        let frame = match joiner.push(message) {
            Ok(None) => continue,
            Ok(Some(frame)) => frame,
            Err(error) => return outgoing.finish(&last_words(error.code(), None)),
        };
        let weight = frame.len();
        match codec::decode(frame, Side::Replica) {
            Ok(frame) => {
                if let Frame::Push(push) = &frame {
                    tracing::debug!(
                        conn = conn.0,
                        push = push.trace,
                        items = push.items.len(),
                        "a push arrived"
                    );
                }
                if app.writer.received(bearer.scope.workspace, conn, frame, weight).await.is_err() {
                    return;
                }
            }
            Err(error) => {
                tracing::warn!(conn = conn.0, %error, "a replica broke the protocol");
                return outgoing.finish(&last_words(error.code(), None));
            }
        }
    }
}
