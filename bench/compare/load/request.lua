-- One request, sent again and again; method and body come from the command line: wrk … URL -- METHOD [BODY].
-- No `request` or `response` function is defined on purpose: wrk then formats the request once and never enters Lua
-- while it measures.

function init(args)
  wrk.method = args[1]
  wrk.body = args[2]
end

-- Times are microseconds.
function done(summary, latency, requests)
  io.write(string.format(
    'compare-result {"requests":%d,"duration":%d,"p50":%d,"p99":%d,' ..
    '"connect":%d,"read":%d,"write":%d,"timeout":%d,"status":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    summary.errors.connect, summary.errors.read, summary.errors.write, summary.errors.timeout, summary.errors.status))
end
