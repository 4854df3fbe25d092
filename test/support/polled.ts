import type { LitePullConsumer, MessageExt } from '../../lib/index'

const WAIT_MS = 20_000

/** Polls until that many messages have come, and resolves with copies of them, and of what came with the last. */
export async function polled(consumer: LitePullConsumer, count: number): Promise<MessageExt[]> {
  const messages: MessageExt[] = []
  while (messages.length < count) {
    const batch = await consumer.poll({ timeoutMs: WAIT_MS })
    const came = messages.map(message => message.text()).join(', ')
    if (batch.length === 0) throw new Error(`${count} messages were to come within ${WAIT_MS} ms each; came: ${came}`)
    messages.push(...batch.map(message => message.copy()))
  }
  return messages
}

/** As `polled`, and gives the bodies. */
export async function polledTexts(consumer: LitePullConsumer, count: number): Promise<string[]> {
  return (await polled(consumer, count)).map(message => message.text())
}
