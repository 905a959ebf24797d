declare global { interface SharedMessage { fromA: string } }
export interface Local { one: number }
export interface Local { two: string }
export class Mixed { own = 1 }
export interface Mixed { merged: string }
export namespace Settings { export interface Inner { a: 1 } }
export namespace Settings { export interface Inner { b: 2 } }
