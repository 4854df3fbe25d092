// Consumes one message and never ends its listener: to be killed by the test.
import { Redis } from 'ioredis'
import { PushConsumer, idempotent } from '../../../lib/index'
import { RedisIdempotencyStore } from '../../../lib/stores/redis-idempotency-store'
import type { CrashPlan } from './crash'

const plan = JSON.parse(process.argv[2] ?? '') as CrashPlan
const { namesrvAddr, topic, consumerGroup, redisPort, prefix, leaseMs } = plan
const client = new Redis({ host: '127.0.0.1', port: redisPort })
const store = new RedisIdempotencyStore({ client, prefix })
const consumer = new PushConsumer({ namesrvAddr, consumerGroup, consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' })

function hang(): Promise<void> {
  console.log('in hand')
  return new Promise(() => undefined)
}

consumer.subscribe(topic)
consumer.consumeEach(idempotent(hang, { store, keyOf: message => message.keys[0], leaseMs }))
consumer.start().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
