#include <iostream>

#include "table.h"

int main() {
  for (const auto& tide : tides()) std::cout << tide << '\n';
}
