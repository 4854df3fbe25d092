import type { ClaimOutcome, IdempotencyStore } from '../consumer/idempotent/idempotency-store'
import { RocketMQError } from '../errors'
import { checkOptions } from '../model/option-checks'

/** What is used of a client or cluster client of the package `ioredis`. */
export interface IoredisLike {
  /** Tells it from clients of node-redis. */
  defineCommand: unknown
  /** Runs a Lua script on the server. */
  eval(script: string, numberOfKeys: number, ...keysAndArguments: string[]): Promise<unknown>
}

/** What is used of a client, pool or cluster client of the package `redis` (node-redis), from version 4 on. */
export interface NodeRedisLike {
  /** Runs a Lua script on the server. */
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
}

/** Options of a store in Redis. */
export interface RedisIdempotencyStoreOptions {
  /** Connected by the user, who also closes it. */
  readonly client: IoredisLike | NodeRedisLike
  /** Begins the name of every key; default `rocketwire:`. */
  readonly prefix?: string
}

type Evaluate = (script: string, key: string, values: readonly string[]) => Promise<unknown>

// A key holds 'done', or 'claim:' and the token of its claim; leases and times of memory are the expiry of the key.
const DONE = 'done'

const CLAIM = `local held = redis.call('GET', KEYS[1])
if held == '${DONE}' then return 'done' end
if held and held ~= ARGV[1] then return 'busy' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 'claimed'`

const MARK_DONE = `local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] and held ~= '${DONE}' then return 'busy' end
redis.call('SET', KEYS[1], '${DONE}', 'PX', ARGV[2])
return 'done'`

const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 'free'`

/**
 * Remembers handled messages in Redis, from 2.6.12 on, for all members of a group; one key a message, each call one script. What
 * Redis forgets may be handled again: keep it from evicting (`maxmemory-policy noeviction`), and know that a failover may lose
 * the last writes.
 */
export class RedisIdempotencyStore implements IdempotencyStore {
  readonly #evaluate: Evaluate
  readonly #prefix: string

  /** @throws RocketMQError INVALID_ARGUMENT */
  constructor(options: RedisIdempotencyStoreOptions) {
    checkOptions(options, { client: true, prefix: true })
    const { client, prefix = 'rocketwire:' } = options
    const given: unknown = prefix
    if (typeof given !== 'string') throw new RocketMQError('INVALID_ARGUMENT', `prefix must be a text`)
    this.#evaluate = evaluateWith(client)
    this.#prefix = prefix
  }

  /** As `IdempotencyStore.claim`; rejects with the client's error. */
  async claim(key: string, token: string, leaseMs: number): Promise<ClaimOutcome> {
    return this.#run(CLAIM, key, [claimOf(token), wholeMs(leaseMs)], ['claimed', 'done', 'busy'])
  }

  /** As `IdempotencyStore.done`; rejects with the client's error. */
  async done(key: string, token: string, ttlMs: number): Promise<boolean> {
    return (await this.#run(MARK_DONE, key, [claimOf(token), wholeMs(ttlMs)], ['done', 'busy'])) === 'done'
  }

  /** As `IdempotencyStore.release`; rejects with the client's error. */
  async release(key: string, token: string): Promise<void> {
    await this.#run(RELEASE, key, [claimOf(token)], ['free'])
  }

  async #run<T extends string>(
    script: string,
    key: string,
    values: readonly string[],
    answers: readonly T[],
  ): Promise<T> {
    // Clients may be set to answer with buffers.
    const answer = String(await this.#evaluate(script, this.#prefix + key, values))
    const known = answers.find(each => each === answer)
    if (known !== undefined) return known
    const says = `Redis answered ${answer.slice(0, 80)} to a script that returns ${answers.join(', ')}`
    throw new RocketMQError('IDEMPOTENCY_STORE_FAILED', `${says}: is client one of ioredis or node-redis?`)
  }
}

function evaluateWith(client: IoredisLike | NodeRedisLike): Evaluate {
  const given: unknown = client
  if (typeof given !== 'object' || given === null || typeof client.eval !== 'function') {
    throw new RocketMQError('INVALID_ARGUMENT', 'client must be a client of ioredis or node-redis')
  }
  if (isIoredis(client)) return (script, key, values) => client.eval(script, 1, key, ...values)
  return (script, key, values) => client.eval(script, { keys: [key], arguments: [...values] })
}

function isIoredis(client: IoredisLike | NodeRedisLike): client is IoredisLike {
  return 'defineCommand' in client && typeof client.defineCommand === 'function'
}

function claimOf(token: string): string {
  return `claim:${token}`
}

/** Redis takes whole milliseconds from 1 on. */
function wholeMs(ms: number): string {
  return String(Math.max(1, Math.ceil(ms)))
}
