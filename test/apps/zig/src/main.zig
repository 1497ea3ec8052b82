const std = @import("std");
const builtin = @import("builtin");

const response = std.fmt.comptimePrint(
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n" ++
        "{{\"app\":\"zig\",\"mode\":\"{s}\",\"runtime\":\"{s}\"}}\n",
    .{ @tagName(builtin.mode), builtin.zig_version_string },
);

pub fn main() !void {
    const text = std.os.getenv("PORT") orelse "8080";
    const port = try std.fmt.parseInt(u16, text, 10);
    const address = try std.net.Address.parseIp("0.0.0.0", port);

    var server = std.net.StreamServer.init(.{ .reuse_address = true });
    defer server.deinit();
    try server.listen(address);
    while (true) {
        const connection = try server.accept();
        defer connection.stream.close();
        answer(connection.stream) catch |err| std.log.warn("answering: {s}", .{@errorName(err)});
    }
}

fn answer(stream: std.net.Stream) !void {
    var request: [4096]u8 = undefined;
    if (try stream.read(&request) == 0) return;
    try stream.writeAll(response);
}
