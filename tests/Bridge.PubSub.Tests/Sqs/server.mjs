// SNS and SQS in memory for the tests beside this file, on a free port of the loopback address, until the standard input ends.
import { buildApp } from "fauxqs";

const app = buildApp({ logger: false, defaultRegion: "eu-west-1" });
const address = await app.listen({ host: "127.0.0.1", port: 0 });
process.stdout.write(`${address}\n`);
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
