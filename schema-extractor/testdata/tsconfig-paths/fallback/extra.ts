export interface Extra { note: string }
