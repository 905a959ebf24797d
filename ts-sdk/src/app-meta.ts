/** What runs, and where. */
export interface AppMeta {
  /** The application's id. */
  appId: string;
  /** Where clients reach its endpoints, without a slash at the end. */
  apiBaseUrl: string;
  /** The environment it runs in. */
  environment: EnvironmentMeta;
  /** What was built. */
  build: BuildMeta;
  /** What is deployed. */
  deploy: DeployMeta;
}

/** An environment. */
export interface EnvironmentMeta {
  /** Its name: "local" on a developer's machine. */
  name: string;
  /** What it is for. */
  type: EnvironmentType;
  /** Whose machines it runs on. */
  cloud: CloudProvider;
}

/** What an environment is for. */
export type EnvironmentType = "production" | "development" | "ephemeral" | "test";

/** Whose machines an environment runs on. */
export type CloudProvider = "aws" | "gcp" | "azure" | "encore" | "local";

/** What was built. */
export interface BuildMeta {
  /** Tells this build from others. */
  revision: string;
  /** Whether it may hold changes that no revision names. */
  uncommittedChanges: boolean;
}

/** What is deployed. */
export interface DeployMeta {
  /** Tells this deployment from others; "" where there is no such thing. */
  id: string;
  /** The services that this process runs, by name. */
  hostedServices: Record<string, HostedService>;
}

/** A service that a process runs. */
export interface HostedService {
  name: string;
}
