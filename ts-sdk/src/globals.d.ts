/**
 * The globals of an isolate, for applications that use neither `@types/node` nor `lib.dom`, which both declare most of them.
 *
 * Interfaces have methods only where the two others have them too, and variables have named types, so that the declarations merge where
 * they meet.
 */
/* eslint-disable @typescript-eslint/triple-slash-reference -- an import would make this file a module */
/// <reference path="./globals/console.d.ts" />
/// <reference path="./globals/encoding.d.ts" />
/// <reference path="./globals/events.d.ts" />
/// <reference path="./globals/fetch.d.ts" />
/// <reference path="./globals/performance.d.ts" />
/// <reference path="./globals/process.d.ts" />
/// <reference path="./globals/streams.d.ts" />
/// <reference path="./globals/timers.d.ts" />
/// <reference path="./globals/url.d.ts" />
