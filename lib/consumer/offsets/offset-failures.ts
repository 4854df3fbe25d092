import type { ClientInstance } from '../../client/client-instance'
import { RocketMQError, asError } from '../../errors'
import type { MessageQueue } from '../../model/message-queue'
import { asTyped } from '../as-typed'

export interface OffsetFailuresOptions {
  readonly client: Pick<ClientInstance, 'log'>
  readonly onBackgroundError: (error: RocketMQError) => void
}

/** It is not known where a queue begins, so that it cannot be taken before another try. */
export function reportUnknownStart(
  { client, onBackgroundError }: OffsetFailuresOptions,
  queue: MessageQueue,
  cause: unknown,
): void {
  const { topic, queueId, brokerName } = queue
  client.log.warn('the start offset of a queue cannot be told, trying again later', { queue, error: cause })
  const says = `the start offset of queue ${queueId} of ${topic} on ${brokerName} cannot be told: ${asError(cause).message}`
  onBackgroundError(new RocketMQError('OFFSET_STORE_FAILED', says, { topic, cause }))
}

/** The offset of a queue could not be written down when it was given back: messages of it come again. */
export function reportUnwritten(
  { onBackgroundError }: Pick<OffsetFailuresOptions, 'onBackgroundError'>,
  { topic, queueId }: MessageQueue,
  cause: unknown,
): void {
  onBackgroundError(asTyped(cause, `the offset of queue ${queueId} of ${topic} could not be written`, { topic }))
}
