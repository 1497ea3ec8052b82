export const dynamic = "force-dynamic";

export function GET(request) {
  return Response.json({ app: "node-next", path: new URL(request.url).pathname });
}
