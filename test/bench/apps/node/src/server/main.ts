import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

import compression from "compression";
import express from "express";
import { rateLimit } from "express-rate-limit";
import helmet from "helmet";
import { pinoHttp } from "pino-http";

import { parcels } from "./parcels.js";

const greeting = "parcels";
const pages = fileURLToPath(new URL("../web", import.meta.url));

const app = express();
app.use(helmet(), compression(), express.json(), pinoHttp(), express.static(pages));

// What a test looks at: the pages that the build made.
app.get("/health", (_request, response) => {
  response.json({ app: greeting, built: readdirSync(pages).sort() });
});

app.use("/api/parcels", rateLimit({ windowMs: 60_000, limit: 600 }), parcels());

const port = Number(process.env.PORT ?? 3000);
const server = app.listen(port, () => console.log(`listening on ${port}`));
process.on("SIGTERM", () => server.close());
