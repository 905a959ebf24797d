export interface Post { id: number; title: string }
export interface Page<T> { items: T[] }
export const make = () => ({ made: true as const });
export default interface Fallback { reason: string }
