import type * as GenericPool from 'generic-pool'

/** Lends what it makes, each to one at a time. */
export type Pool<T> = GenericPool.Pool<T>

/** A pool of generic-pool's, which is loaded with the first: its files take longer to find than many programs need to start. */
export function createPool<T>(factory: GenericPool.Factory<T>, options: GenericPool.Options): Pool<T> {
  return (require('generic-pool') as typeof GenericPool).createPool(factory, options)
}
