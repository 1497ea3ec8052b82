from log import entries

print(len(entries()), "entries")
