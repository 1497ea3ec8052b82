const response = await fetch("/api/entries");
const list = document.getElementById("entries");
for (const { author, text } of await response.json()) {
  const item = document.createElement("li");
  item.textContent = `${author}: ${text}`;
  list?.append(item);
}
