import { createServer } from "node:http";
import slugify from "slugify";

const server = createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ app: "node-yarn-berry", slug: slugify("Blue Whale", { lower: true }) }));
});
server.listen(Number(process.env.PORT ?? 3000));
