import { Router } from "express";
import knex from "knex";
import lodash from "lodash";
import { z } from "zod";

const Parcel = z.object({ id: z.string().min(1), grams: z.number().int().positive() });

type Parcel = z.infer<typeof Parcel>;

/** The routes of the parcels, which are in a database if there is one, else in memory. */
export function parcels(): Router {
  const url = process.env.DATABASE_URL;
  const database = url ? knex({ client: "pg", connection: url }) : undefined;
  const memory: Parcel[] = [{ id: "p-1", grams: 250 }];
  const router = Router();
  router.get("/", async (_request, response) => {
    const all: Parcel[] = database ? await database("parcels").select() : memory;
    response.json(lodash.sortBy(all, "id"));
  });
  router.post("/", async (request, response) => {
    const { data, error } = Parcel.safeParse(request.body);
    if (!data) {
      response.status(400).json(error.issues);
      return;
    }
    if (database) {
      await database("parcels").insert(data);
    } else {
      memory.push(data);
    }
    response.status(201).json(data);
  });
  return router;
}
