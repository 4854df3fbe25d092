import type { VectorCase } from './vector-file'

/** A rule of substance by which rocketwire differs from Java on purpose. */
export interface VectorException {
  readonly file: string
  readonly op: string
  readonly applies: (vector: VectorCase) => boolean
  /** What rocketwire does instead of what Java does. */
  readonly instead: string
  readonly why: string
  /** True where the outcome is what `instead` says; an exception excuses nothing else. */
  readonly holds: (outcome: Outcome, vector: VectorCase) => boolean
}

/** What an operation gave: `thrown` where it failed. */
export type Outcome = { readonly value: unknown; readonly thrown?: undefined } | { readonly thrown: unknown }

/** All of them. Whatever is not here must agree with the vectors. */
export const EXCEPTIONS: readonly VectorException[] = []
