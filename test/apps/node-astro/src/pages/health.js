export function GET({ url }) {
  return Response.json({ app: 'node-astro', path: url.pathname });
}
