export { RedisIdempotencyStore } from './redis-idempotency-store'
export { SqlIdempotencyStore } from './sql-idempotency-store'

export type { ClaimOutcome, IdempotencyStore } from '../consumer/idempotent/idempotency-store'
export type { IoredisLike, NodeRedisLike, RedisIdempotencyStoreOptions } from './redis-idempotency-store'
export type { SqlDialect } from './sql-statements'
export type { SqlIdempotencyStoreOptions, SqlQuery } from './sql-idempotency-store'
