// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLoad } from "../wrk.mjs";

const output = `Running 2s test @ http://127.0.0.1:4777/
  1 threads and 150 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   225.65us  629.94us   8.42ms   93.28%
  53096 requests in 2.00s, 6.22MB read
compare-result {"requests":53096,"duration":2000000,"p50":1550,"p99":8420,"connect":0,"read":0,"write":0,"timeout":0,"status":0}
`;

test("parseLoad_Result_ReadsItInMillisecondsAndPerSecond", () => {
  assert.deepEqual(parseLoad(output), { requests: 53096, requestsPerSecond: 26548, p50: 1.55, p99: 8.42, errors: 0 });
});

test("parseLoad_ErrorsOfAllKinds_AreAddedUp", () => {
  const failed = output.replace(/"connect".*\}/, '"connect":1,"read":20,"write":300,"timeout":4000,"status":50000}');

  assert.equal(parseLoad(failed).errors, 54321);
});

test("parseLoad_NoResult_ThrowsWithWhatWrkSaid", () => {
  assert.throws(() => parseLoad("unable to connect to 127.0.0.1:1 Connection refused\n"), /Connection refused/);
});
