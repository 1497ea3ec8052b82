//! A small service that tells the height of the water.

use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpListener;

fn main() -> io::Result<()> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "3000".into());
    let listener = TcpListener::bind(format!("0.0.0.0:{port}"))?;
    for stream in listener.incoming() {
        let mut stream = stream?;
        let request = BufReader::new(stream.try_clone()?);
        if request.lines().map_while(Result::ok).any(|line| line.is_empty()) {
            let body = tides::height(412);
            write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
        }
    }
    Ok(())
}
