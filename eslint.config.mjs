// @ts-check
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  globalIgnores([
    "**/node_modules/",
    "**/dist/",
    "**/build/",
    "**/generated/",
    "**/bin/",
    "**/obj/",
    "**/artifacts/",
    // Applications that tests feed to the compiler, faulty ones among them; the benchmark's peers have packages of their own.
    "**/testdata/",
    "tests/cases/",
    "tests/end-to-end/applications/",
    "bench/",
    // Its types need the clients that the host generates; the host's own checker looks at it in the tests.
    "examples/shop/",
    // Made by the host.
    "examples/chat/page/public/client.js",
    // Declarations that have to merge with those of Node and of the web, and so have their shape.
    "ts-sdk/src/globals/",
  ]),
  {
    files: ["**/*.ts", "**/*.mjs", "examples/**/*.js"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers print as one expects.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      eqeqeq: "error",
    },
  },
  {
    files: ["ts-sdk/src/runtime/**/*.ts", "ts-sdk/src/internal/**/*.ts"],
    // What the types promise is converted and checked all the same: the callers are scripts.
    rules: {
      "@typescript-eslint/no-base-to-string": "off",
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-unnecessary-type-conversion": "off",
      "@typescript-eslint/unbound-method": "off",
    },
  },
  {
    files: ["ts-sdk/src/internal/**/*.ts"],
    // Indexes of the shared memory are in range by its layout; a check would cost every call.
    rules: { "@typescript-eslint/no-non-null-assertion": "off" },
  },
  {
    files: ["**/*.test.ts", "**/*.test.mjs"],
    // node:test keeps the promises of `test` and `suite` itself.
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  {
    files: ["examples/chat/page/**/*.js"],
    // What runs in browsers has a project of its own.
    languageOptions: { parserOptions: { projectService: false, project: "examples/chat/tsconfig.page.json" } },
  },
  {
    files: ["examples/**/*.ts"],
    // An endpoint's handler is async by habit, whether it waits or not.
    rules: { "@typescript-eslint/require-await": "off" },
  },
);
