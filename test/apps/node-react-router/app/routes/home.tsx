import type { Route } from "./+types/home";

export function loader({ request }: Route.LoaderArgs) {
  return { time: new URL(request.url).searchParams.get("time") ?? "noon" };
}

export default function Home({ loaderData }: Route.ComponentProps) {
  return <p>{`High water is at ${loaderData.time}.`}</p>;
}
