export {
  RedisIdempotencyStore,
  SqlIdempotencyStore,
} from './stores.js'
export type {
  ClaimOutcome,
  IdempotencyStore,
  IoredisLike,
  NodeRedisLike,
  RedisIdempotencyStoreOptions,
  SqlDialect,
  SqlIdempotencyStoreOptions,
  SqlQuery,
} from './stores.js'
