import { free } from "@harbour/berths";

// Answers every request with the berths that are free.
Deno.serve({ port: Number(Deno.env.get("PORT") ?? 8080) }, () => Response.json({ app: "deno-workspace", free: free() }));
