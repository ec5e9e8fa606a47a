//! A plain HTTP client that keeps cookies, for what a browser does not do.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::server::Server;

/// No answer takes longer than this.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// A client of one server.
pub struct Client {
    address: String,
    inner: hyper_util::client::legacy::Client<HttpConnector, Full<Bytes>>,
    cookies: Mutex<Vec<(String, String)>>,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// A header as text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// It is none.
    pub fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_slice(&self.body).with_context(|| format!("status {}: {}", self.status, self.text()))
    }
}

impl Client {
    /// A client without cookies.
    pub fn new(server: &Server) -> Self {
        Self {
            address: server.url(""),
            inner: hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http(),
            cookies: Mutex::new(Vec::new()),
        }
    }

    /// Sets a cookie, e.g. one of a browser's session.
    pub fn set_cookie(&self, name: &str, value: &str) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.retain(|(other, _)| other != name);
        cookies.push((name.to_owned(), value.to_owned()));
    }

    /// The cookies as a header's value.
    pub fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Reads a path.
    ///
    /// # Errors
    /// No answer.
    pub async fn get(&self, path: &str) -> anyhow::Result<Answer> {
        self.send(Method::GET, path, &[], Bytes::new()).await
    }

    /// Sends JSON.
    ///
    /// # Errors
    /// No answer.
    pub async fn post_json(&self, path: &str, body: &Value) -> anyhow::Result<Answer> {
        let body = Bytes::from(body.to_string());
        self.send(Method::POST, path, &[("content-type", "application/json")], body).await
    }

    /// Sends a request; redirects are answers like others.
    ///
    /// # Errors
    /// No answer.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> anyhow::Result<Answer> {
        let mut request = Request::builder().method(method.clone()).uri(format!("{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        let request = request.body(Full::new(body))?;
        let answer = async {
            let answer = self.inner.request(request).await?;
            let (parts, body) = answer.into_parts();
            anyhow::Ok(Answer {
                status: parts.status.as_u16(),
                headers: parts.headers,
                body: body.collect().await?.to_bytes(),
            })
        };
        let answer = tokio::time::timeout(ANSWER_MAX, answer)
            .await
            .with_context(|| format!("{method} {path} was not answered within {ANSWER_MAX:?}"))?
            .with_context(|| format!("{method} {path}"))?;
        for cookie in answer.headers.get_all(header::SET_COOKIE) {
            let first = cookie.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = first.split_once('=') {
                self.set_cookie(name.trim(), value.trim());
            }
        }
        Ok(answer)
    }
}
