#include <stdio.h>

int main(void) {
  int sum = 0;
  for (int i = 1; i <= 6; i++) sum += i;
  printf("count: %d\n", sum);
  return 0;
}
