//! The relay's blobs as calls: how much of one is there, the next piece of an upload, a piece of one that is there.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{Method, RequestBuilder, Response, StatusCode, header};
use sheaf_document::ids::ContentHash;
use sheaf_protocol::rest::{Hex, blob, path};
use sheaf_protocol::secret::Secret;

use super::api::{RelayApi, bounded, unreachable};
use super::{Account, AccountError};

/// How long one piece may take: a megabyte over a line as slow as they come.
const PATIENCE: Duration = Duration::from_secs(300);

/// How much of a blob a relay has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// All of it, so many bytes.
    Whole(u64),
    /// So many bytes that this device brought.
    Part(u64),
}

impl Account {
    /// Says how much of a blob the relay has.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn blob_held(&self, hash: ContentHash) -> Result<Held, AccountError> {
        self.with_access(|api, access| async move { api.blob_held(&access, hash).await }).await
    }

    /// Brings the next piece of a blob of `total` bytes; returns where the upload stands, which is elsewhere than behind this
    /// piece if it was not the next.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn blob_send(
        &self,
        hash: ContentHash,
        offset: u64,
        total: u64,
        piece: Bytes,
    ) -> Result<u64, AccountError> {
        let send = |api: RelayApi, access: Secret| {
            let piece = piece.clone();
            async move { api.blob_send(&access, hash, offset, total, piece).await }
        };
        self.with_access(send).await
    }

    /// Fetches a piece of a blob that the relay has, at most `length` bytes.
    ///
    /// # Errors
    /// As the relay says.
    pub async fn blob_read(
        &self,
        hash: ContentHash,
        offset: u64,
        length: u64,
    ) -> Result<Bytes, AccountError> {
        self.with_access(|api, access| async move { api.blob_read(&access, hash, offset, length).await })
            .await
    }
}

impl RelayApi {
    async fn blob_held(&self, access: &Secret, hash: ContentHash) -> Result<Held, AccountError> {
        let response = self.blob(Method::HEAD, access, hash).send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::OK => number(&response, blob::LENGTH).map(Held::Whole),
            StatusCode::NOT_FOUND => number(&response, blob::OFFSET).map(Held::Part),
            // What answers a question without a body says why without one.
            StatusCode::UNAUTHORIZED => Err(AccountError::SignedOut),
            _ => Err(self.refusal(response).await),
        }
    }

    async fn blob_send(
        &self,
        access: &Secret,
        hash: ContentHash,
        offset: u64,
        total: u64,
        piece: Bytes,
    ) -> Result<u64, AccountError> {
        let request = self.blob(Method::PATCH, access, hash);
        let request = request.header(blob::OFFSET, offset).header(blob::LENGTH, total).body(piece);
        let response = request.send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::NO_CONTENT | StatusCode::CONFLICT => number(&response, blob::OFFSET),
            _ => Err(self.refusal(response).await),
        }
    }

    async fn blob_read(
        &self,
        access: &Secret,
        hash: ContentHash,
        offset: u64,
        length: u64,
    ) -> Result<Bytes, AccountError> {
        let range = format!("bytes={offset}-{}", (offset + length).saturating_sub(1));
        let request = self.blob(Method::GET, access, hash).header(header::RANGE, range);
        let response = request.send().await.map_err(unreachable)?;
        match response.status() {
            StatusCode::PARTIAL_CONTENT => Ok(bounded(response, length).await?.into()),
            _ => Err(self.refusal(response).await),
        }
    }

    fn blob(&self, method: Method, access: &Secret, hash: ContentHash) -> RequestBuilder {
        let path = path::BLOB.replace("{hash}", &Hex::from(hash).to_string());
        let request = self.http.request(method, self.address().at(&path)).timeout(PATIENCE);
        request.bearer_auth(access.expose())
    }
}

fn number(response: &Response, name: &str) -> Result<u64, AccountError> {
    let value = response.headers().get(name).and_then(|value| value.to_str().ok()?.parse().ok());
    value.ok_or(AccountError::NotARelay)
}
