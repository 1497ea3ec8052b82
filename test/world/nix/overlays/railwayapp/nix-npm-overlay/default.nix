# The package managers for JavaScript by major version; each wins over the npm that comes with Node.
final: prev:
let
  names = [
    "npm-6_x" "npm-8_x" "npm-9_x" "npm-10_x" "npm-11_x"
    "pnpm-6_x" "pnpm-7_x" "pnpm-8_x" "pnpm-9_x" "pnpm-10_x"
    "yarn-1_x"
  ];
in
builtins.listToAttrs (map (name: { inherit name; value = prev.lib.hiPrio (prev.tool name); }) names)
