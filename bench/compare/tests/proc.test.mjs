// @ts-check
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import {
  cpuSnapshot,
  parseResidentBytes,
  parseSchedstat,
  parseStat,
  processTree,
  residentBytes,
  threadsBetween,
  v8Bytes,
} from "../proc.mjs";

/**
 * @param {number} pid
 * @param {string} name
 * @param {number} parent
 * @param {string} [ticks] utime, stime, cutime, cstime
 */
const stat = (pid, name, parent, ticks = "0 0 0 0") =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194560 100 200 0 0 ${ticks} 20 0 12 0 9900 1000 500 184467\n`;

/** A `/proc` of files. @param {Record<string, string>} files */
function fakeProc(files) {
  const root = mkdtempSync(join(tmpdir(), "compare-proc-"));
  after(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

test("parseStat_NameWithSpacesAndParentheses_ReadsTheFieldsBehindIt", () => {
  assert.deepEqual(parseStat(stat(42, "a) b (c", 7, "10 20 300 4000")), {
    pid: 42,
    name: "a) b (c",
    parent: 7,
    ticks: 4330,
  });
});

test("parseStat_Garbage_Throws", () => {
  assert.throws(() => parseStat(""), SyntaxError);
  assert.throws(() => parseStat("42 (cut off) S 7"), SyntaxError);
});

test("parseSchedstat_Line_GivesMicroseconds", () => {
  assert.equal(parseSchedstat("2500 99999 12\n"), 2.5);
  assert.throws(() => parseSchedstat(""), SyntaxError);
});

test("parseResidentBytes_Status_GivesBytes", () => {
  assert.equal(parseResidentBytes("Name:\tnode\nVmHWM:\t 70000 kB\nVmRSS:\t   64000 kB\nThreads:\t11\n"), 64000 * 1024);
  assert.equal(parseResidentBytes("Name:\tnode\nState:\tZ (zombie)\n"), 0);
});

test("processTree_Descendants_AreFoundAtEveryDepth", () => {
  const proc = fakeProc({
    "1/stat": stat(1, "init", 0),
    "10/stat": stat(10, "server", 1),
    "11/stat": stat(11, "child", 10),
    "9/stat": stat(9, "grandchild", 11),
    "12/stat": stat(12, "other", 1),
    "13/comm": "listed, then gone\n",
    uptime: "1 1\n",
  });

  assert.deepEqual(
    processTree(10, proc).map(({ name }) => name),
    ["server", "child", "grandchild"],
  );
  assert.deepEqual(processTree(99, proc), []);
});

test("cpuSnapshot_Tree_AddsProcessesAndKeepsThreads", () => {
  const proc = fakeProc({
    "10/stat": stat(10, "server", 1, "50 25 0 0"),
    "10/task/10/comm": "server\n",
    "10/task/10/schedstat": "1000000 5 1\n",
    "10/task/12/comm": "isolate\n",
    "10/task/12/schedstat": "9000000 5 1\n",
    "11/stat": stat(11, "child", 10, "20 5 0 0"),
    "11/task/11/comm": "child\n",
    "11/task/11/schedstat": "3000 5 1\n",
  });

  const snapshot = cpuSnapshot(10, proc);

  assert.equal(snapshot.microseconds > 0, true);
  assert.deepEqual(
    [...snapshot.threads],
    [
      ["10/10", { name: "server", microseconds: 1000 }],
      ["10/12", { name: "isolate", microseconds: 9000 }],
      ["11/11", { name: "child", microseconds: 3 }],
    ],
  );
});

test("threadsBetween_OldAndNewThreads_AreDifferencesBusiestFirst", () => {
  const before = { microseconds: 0, threads: new Map([["1/1", { name: "main", microseconds: 500 }]]) };
  const threads = new Map([
    ["1/1", { name: "main", microseconds: 600 }],
    ["1/2", { name: "isolate", microseconds: 250 }],
  ]);

  assert.deepEqual(threadsBetween(before, { microseconds: 0, threads }), [
    { name: "isolate", microseconds: 250 },
    { name: "main", microseconds: 100 },
  ]);
});

test("residentBytes_Tree_IsTheSum", () => {
  const proc = fakeProc({
    "10/stat": stat(10, "server", 1),
    "10/status": "VmRSS:\t 100 kB\n",
    "11/stat": stat(11, "child", 10),
    "11/status": "VmRSS:\t 20 kB\n",
  });

  assert.equal(residentBytes(10, proc), 120 * 1024);
});

test("v8Bytes_MappingsBelow64TiB_AreAdded", () => {
  const mapping = (/** @type {string} */ range, /** @type {number} */ rss) =>
    `${range} rw-p 00000000 00:00 0\nSize: 256 kB\nRss:  ${rss} kB\nVmFlags: rd wr\n`;
  const proc = fakeProc({
    "10/smaps":
      mapping("8c0ff00000-8c0ff40000", 100) +
      mapping("3fffffff0000-400000000000", 20) +
      mapping("55d000000000-55d000040000", 3) +
      mapping("7f0000000000-7f0000040000", 4),
  });

  assert.equal(v8Bytes(10, proc), 120 * 1024);
  assert.equal(v8Bytes(11, proc), 0);
});

test("cpuSnapshot_RealProcessWithChild_SeesBoth", async () => {
  const parent = spawn("sh", ["-c", "sleep 60 & echo ready; wait"], { stdio: ["ignore", "pipe", "ignore"] });
  const pid = /** @type {number} */ (parent.pid);
  try {
    await new Promise((resolve) => parent.stdout.once("data", resolve));

    assert.equal(processTree(pid).length, 2);
    assert.equal(cpuSnapshot(pid).threads.size, 2);
    assert.equal(residentBytes(pid) > 100_000, true);
  } finally {
    for (const entry of processTree(pid)) {
      process.kill(entry.pid, "SIGKILL");
    }
  }
});
