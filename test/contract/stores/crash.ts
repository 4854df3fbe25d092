import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Redis } from 'ioredis'
import { idempotent } from '../../../lib/index'
import { RedisIdempotencyStore } from '../../../lib/stores/redis-idempotency-store'
import { packageRoot } from '../../support/package-root'
import type { Site } from '../../support/site'
import { killWithParent } from '../real/child-reaper'
import { onSite } from './group-of-two'

const LEASE_MS = 2000

/** What the process that is killed must know. */
export interface CrashPlan {
  readonly namesrvAddr: string
  readonly topic: string
  readonly consumerGroup: string
  readonly redisPort: number
  readonly prefix: string
  readonly leaseMs: number
}

/** A consumer process that dies with a message in hand. */
export function describeCrash(redisPort: number, client: Redis): void {
  describe('a consumer process that is killed between claim and done', () => {
    it('leaves a message that another one handles after the lease, once', () => onSite(site => outlive(site)), 60_000)
  })

  async function outlive(site: Site): Promise<void> {
    const [topic, consumerGroup] = [await site.freshTopic(1), site.freshGroup()]
    const prefix = `crash-${consumerGroup}:`
    const { namesrvAddr } = site
    const producer = await site.producer()
    await producer.send({ topic, keys: 'order-1', body: 'paid' })
    await workThenDie({ namesrvAddr, topic, consumerGroup, redisPort, prefix, leaseMs: LEASE_MS })
    // The lease of the dead still runs.
    const key = `${prefix}${consumerGroup}/${topic}/order-1`
    expect(await client.get(key)).toMatch(/^claim:/)
    expect(await client.pttl(key)).toBeGreaterThan(0)
    const [inbox, duplicates] = [site.newInbox(), site.newInbox()]
    const listener = idempotent(message => inbox.take(message), {
      store: new RedisIdempotencyStore({ client, prefix }),
      keyOf: message => message.keys[0],
      leaseMs: LEASE_MS,
      onDuplicate: message => duplicates.take(message),
    })
    await site.consumer(topic, { consumerGroup }, listener)
    await inbox.first(1)
    await producer.send({ topic, keys: 'order-1', body: 'paid, sent again' })
    await duplicates.first(1)
    expect(inbox.texts).toEqual(['paid'])
    expect(duplicates.texts).toEqual(['paid, sent again'])
    expect(await client.get(key)).toBe('done')
  }
}

/** Resolves when a process that consumes has its message in hand and was killed. */
async function workThenDie(plan: CrashPlan): Promise<void> {
  const args = ['scripts/ts.mjs', 'test/contract/stores/crashing-consumer.ts', JSON.stringify(plan)]
  const child = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'inherit'] })
  killWithParent(child)
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'in hand') break
  }
  child.kill('SIGKILL')
  expect(await ended).toEqual([null, 'SIGKILL'])
}
