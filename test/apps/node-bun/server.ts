import { Database } from "bun:sqlite";
import { Hono } from "hono";

const db = new Database(":memory:");
db.run("create table entries (amount integer)");
for (const amount of [40, 2]) db.run("insert into entries values (?)", [amount]);

const app = new Hono();
app.get("/health", (c) => {
  const { total } = db.query("select sum(amount) as total from entries").get() as { total: number };
  return c.json({ app: "node-bun", total });
});

export default { port: Number(process.env.PORT ?? 3000), fetch: app.fetch };
