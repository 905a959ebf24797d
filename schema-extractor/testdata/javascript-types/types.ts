export interface Shared { on: Map<string, boolean> }
