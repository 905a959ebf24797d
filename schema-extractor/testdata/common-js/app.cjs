const { api } = require("encore.dev/api");

exports.get = api({ method: "GET", path: "/get" }, async () => ({ ok: true }));
