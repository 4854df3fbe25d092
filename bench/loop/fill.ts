import { SEND_MESSAGE_V2 } from '../../lib/commands/send'
import { type CompressionType, compressionBits } from '../../lib/model/sys-flag'
import { openBenchRemoting } from '../bench-remoting'
import { sendHeader } from '../drivers/send-header'
import { QUEUES } from '../scenarios'

/** Messages of 4 MiB take their time. */
const LARGE_TIMEOUT_MS = 10_000

interface Fill {
  readonly broker: string
  readonly topic: string
  readonly body: Buffer
  readonly type: CompressionType
  readonly count: number
}

/** Stores a body that is compressed already so many times, as another client would have. */
export async function fill({ broker, topic, body, type, count }: Fill): Promise<void> {
  const remoting = openBenchRemoting(LARGE_TIMEOUT_MS)
  const sysFlag = compressionBits(type)
  for (let i = 0; i < count; i++) {
    const header = sendHeader({ topic, queueId: i % QUEUES, properties: '', sysFlag })
    await remoting.invoke(broker, SEND_MESSAGE_V2, { header, body })
  }
  await remoting.close()
}
