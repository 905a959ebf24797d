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
    "artifacts/",
    // Applications that tests feed to the compiler, faulty ones among them; the benchmark's peers have packages of their own.
    "**/testdata/",
    "tests/cases/",
    "bench/",
  ]),
  {
    files: ["**/*.ts", "**/*.mjs"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers print as one expects.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      eqeqeq: "error",
    },
  },
  {
    files: ["**/*.test.ts", "**/*.test.mjs"],
    // node:test keeps the promises of `test` and `suite` itself.
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  {
    files: ["examples/**/*.ts"],
    // An endpoint's handler is async by habit, whether it waits or not.
    rules: { "@typescript-eslint/require-await": "off" },
  },
);
