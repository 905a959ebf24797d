/** The web's streams, as a module of its own so that it is bundled behind one function. */
export * from "web-streams-polyfill";
