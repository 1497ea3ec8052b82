import { Hono } from "hono";

const app = new Hono();
app.get("/health", (c) => c.json({ app: "deno", major: parseInt(Deno.version.deno) }));

Deno.serve({ port: Number(Deno.env.get("PORT") ?? 3000) }, app.fetch);
