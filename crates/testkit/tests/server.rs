//! The server of the testkit serves, on a port of its own, and ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use axum::Router;
use axum::routing::get;
use hutong_testkit::TestServer;

fn ask(server: &TestServer, path: &str) -> String {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.address());
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_answer_side_by_side_and_end() {
    let named = |name: &'static str| Router::new().route("/name", get(move || async move { name }));
    let (one, two) =
        (TestServer::start(named("one")).await.unwrap(), TestServer::start(named("two")).await.unwrap());
    assert!(one.url("/name").ends_with("/name"));
    assert_ne!(one.address(), two.address());
    assert!(ask(&one, "/name").ends_with("one"));
    assert!(ask(&two, "/name").ends_with("two"));
    assert!(ask(&two, "/").starts_with("HTTP/1.1 404"));
    let address = one.address();
    one.stop().await.unwrap();
    assert!(TcpStream::connect(address).is_err());
    assert!(ask(&two, "/name").ends_with("two"));
}
