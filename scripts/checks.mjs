// @ts-check

/**
 * What `npm run lint` asserts; each is one test of `npm test`.
 * @type {readonly { name: string, command: readonly [string, ...string[]] }[]}
 */
export const checks = [
  // Rules of style that need the compiler are errors of every build; here only what it doesn't look at.
  {
    name: "dotnet-format",
    command: ["dotnet", "format", "whitespace", "Bridge.sln", "--verify-no-changes", "--no-restore"],
  },
  { name: "eslint", command: ["npx", "--no-install", "eslint", "--max-warnings=0", "."] },
  { name: "tsc", command: ["npx", "--no-install", "tsc", "--build"] },
  { name: "prettier", command: ["npx", "--no-install", "prettier", "--check", "--log-level=warn", "."] },
];
