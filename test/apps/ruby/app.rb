# frozen_string_literal: true

require "bundler/setup"
require "greeting"
require "json"
require "socket"

# Answers every request with what it runs on.
server = TCPServer.new("0.0.0.0", Integer(ENV.fetch("PORT", "8080")))
loop do
  client = server.accept
  nil until [nil, "\r\n"].include?(client.gets)
  body = JSON.generate(app: "ruby", greeting: Greeting.for("bundler"), runtime: RUBY_VERSION)
  client.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: #{body.bytesize}\r\nConnection: close\r\n\r\n#{body}")
  client.close
rescue SystemCallError => e
  warn e.message
end
