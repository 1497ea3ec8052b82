import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import compression from "compression";
import express from "express";
import helmet from "helmet";
import { nanoid } from "nanoid";
import { pinoHttp } from "pino-http";
import { z } from "zod";

const Entry = z.object({ author: z.string().min(1), text: z.string().min(1) });

const entries: (z.infer<typeof Entry> & { id: string })[] = [{ id: nanoid(), author: "Ada", text: "Hello" }];
const pages = fileURLToPath(new URL("public", import.meta.url));

const app = express();
app.use(helmet(), compression(), express.json(), pinoHttp(), express.static("public"), express.static(pages));

// What a test looks at: the pages that the build made, and the runtime that serves them.
app.get("/health", (_request, response) => {
  response.json({ app: "node", built: readdirSync(pages), runtime: process.version });
});

app.get("/api/entries", (_request, response) => {
  response.json(entries);
});

app.post("/api/entries", (request, response) => {
  const { data, error } = Entry.safeParse(request.body);
  if (error) {
    response.status(400).json(error.issues);
    return;
  }
  const entry = { id: nanoid(), ...data };
  entries.push(entry);
  response.status(201).json(entry);
});

const port = Number(process.env.PORT ?? 3000);
const server = app.listen(port, () => console.log(`listening on ${port}`));
process.on("SIGTERM", () => server.close());
