#include "table.h"

std::vector<std::string> tides() { return {"06:12 high", "12:31 low"}; }
