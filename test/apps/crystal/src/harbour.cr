require "json"
require "socket"
require "./tide"

def answer(client : TCPSocket)
  return unless client.gets
  while (line = client.gets) && !line.empty?
  end
  body = {app: "crystal", runtime: Crystal::VERSION, tides: Tide.day.map(&.to_s)}.to_json
  client << "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
  client << "Content-Length: " << body.bytesize << "\r\n\r\n" << body
ensure
  client.close
end

server = TCPServer.new("0.0.0.0", ENV.fetch("PORT", "8080").to_i)
while client = server.accept?
  spawn answer(client)
end
