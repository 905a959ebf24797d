export interface Thing {
  loose: string;
  maybe: string | null;
}
