import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { greeting } from "@greeter/greeting";

const app = new Hono();
app.get("/health", (c) => c.json({ app: "node-pnpm", greeting: greeting(2) }));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
