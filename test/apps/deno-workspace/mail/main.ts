import { free } from "@harbour/berths";

console.log(`${free().length} berths are free`);
