/** The extractor's own diagnostics. A code is part of the tool's interface: scripts and editors match on it. */
export type DiagnosticCode =
  // The application as a whole
  | "application-empty"
  | "config-invalid"
  | "entry-missing"
  // Services and resources
  | "service-invalid"
  | "service-duplicate"
  | "resource-unsupported"
  // Endpoints
  | "endpoint-not-exported"
  | "endpoint-duplicate"
  | "endpoint-signature"
  | "option-not-constant"
  | "option-invalid"
  | "path-invalid"
  | "path-parameter"
  | "route-conflict"
  // Auth, cron jobs, secrets, static files
  | "auth-handler-invalid"
  | "auth-handler-missing"
  | "gateway-invalid"
  | "cron-invalid"
  | "database-invalid"
  | "secret-invalid"
  | "static-invalid"
  // Topics
  | "topic-invalid"
  | "subscription-invalid"
  // Types
  | "type-unsupported"
  | "type-unresolved"
  | "request-not-object"
  | "wire-unsupported"
  | "rule-invalid"
  | "default-invalid";
