import { URL, URLSearchParams } from "whatwg-url";
import { describeAs } from "../inspection.js";

describeAs(URL, (url) => ({
  href: url.href,
  origin: url.origin,
  protocol: url.protocol,
  username: url.username,
  password: url.password,
  host: url.host,
  hostname: url.hostname,
  port: url.port,
  pathname: url.pathname,
  search: url.search,
  searchParams: url.searchParams,
  hash: url.hash,
}));
describeAs(URLSearchParams, (parameters) => new Map(parameters));

export { URL, URLSearchParams };
