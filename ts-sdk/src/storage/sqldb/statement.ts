import { type Column, type Row, rowMaker, type RowMaker } from "./rows.js";

/** Texts that were given as such, at most; those of templates live as long as the code they stand in. */
const maximumTexts = 1_000;

const noBytes = new Uint8Array(0);

/** A statement's text, and what is known of its rows. */
export class Statement {
  readonly text: string;
  /** The text as JSON. */
  readonly quoted: string;
  #shape = 0;
  #maker: RowMaker | undefined;
  // More than one only where tables were altered while the application runs.
  readonly #makers = new Map<number, RowMaker>();

  constructor(text: string) {
    this.text = text;
    this.quoted = JSON.stringify(text);
  }

  /** The number of the list of columns that came last; 0 for none. The host tells columns where its own differs. */
  get shape(): number {
    return this.#shape;
  }

  /**
   * Makes rows of what crossed, in its place: each array of values becomes a row.
   * @param columns null where the list of that number is known
   */
  rows(shape: number, columns: readonly Column[] | null, crossed: unknown[], bytes: Uint8Array | null): Row[] {
    if (columns !== null) this.#learn(shape, columns);
    const make = shape === this.#shape ? this.#maker : this.#makers.get(shape);
    if (make === undefined) return [];
    for (let row = 0; row < crossed.length; row++) crossed[row] = make(crossed[row] as unknown[], bytes ?? noBytes);
    return crossed as Row[];
  }

  #learn(shape: number, columns: readonly Column[]): void {
    this.#maker = rowMaker(columns);
    this.#makers.set(shape, this.#maker);
    this.#shape = shape;
  }
}

const templates = new WeakMap<TemplateStringsArray, Statement>();
const texts = new Map<string, Statement>();

/** The statement that a template makes: $1, $2, … stand where something is inserted. */
export function templateStatement(strings: TemplateStringsArray): Statement {
  let statement = templates.get(strings);
  if (statement === undefined) {
    let text = strings[0] ?? "";
    for (let i = 1; i < strings.length; i++) text += `$${i}${strings[i] ?? ""}`;
    statement = new Statement(text);
    templates.set(strings, statement);
  }
  return statement;
}

/** The statement of a text that holds its own $1, $2, … */
export function textStatement(text: string): Statement {
  let statement = texts.get(text);
  if (statement === undefined) {
    if (texts.size >= maximumTexts) texts.clear();
    statement = new Statement(text);
    texts.set(text, statement);
  }
  return statement;
}
