/** The berths that no ship lies at. */
export function free(): string[] {
  return ["north", "south"];
}
