import { SEND_MESSAGE_V2 } from '../../lib/commands/send'
import { type CompressionType, compressionBits } from '../../lib/model/sys-flag'
import { dialTcp } from '../../lib/remoting/dialer'
import { RemotingClient } from '../../lib/remoting/remoting-client'
import { systemClock } from '../../lib/runtime/clock'
import { Log } from '../../lib/runtime/log'
import { QUEUES } from '../scenarios'

interface Fill {
  readonly broker: string
  readonly topic: string
  readonly body: Buffer
  readonly type: CompressionType
  readonly count: number
}

/** Stores a body that is compressed already so many times, as another client would have. */
export async function fill({ broker, topic, body, type, count }: Fill): Promise<void> {
  const remoting = new RemotingClient({
    clock: systemClock,
    log: new Log('bench', undefined, systemClock),
    dial: dialTcp,
    identity: { version: 477, language: () => 'OTHER', serializeType: 'JSON' },
    connectTimeoutMs: 3000,
    requestTimeoutMs: 10_000,
  })
  for (let i = 0; i < count; i++) {
    const header = {
      producerGroup: 'bench',
      topic,
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: i % QUEUES,
      sysFlag: compressionBits(type),
      bornTimestamp: systemClock.now(),
      flag: 0,
      properties: '',
      reconsumeTimes: 0,
      unitMode: false,
      batch: false,
    }
    await remoting.invoke(broker, SEND_MESSAGE_V2, { header, body })
  }
  await remoting.close()
}
