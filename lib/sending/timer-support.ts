import type { ClientInstance } from '../client/client-instance'
import { RocketMQError, asError } from '../errors'
import type { CallOptions } from '../remoting/remoting-client'
import type { TopicPublishInfo } from '../routing/publish-info'

/** MQVersion ordinal of 5.0.0, the first release with timer messages. */
const FIRST_VERSION_WITH_TIMER = 413

interface TimerCheck {
  readonly info: TopicPublishInfo
  readonly mode: 'reject' | 'warn'
  readonly call: { readonly timeoutMs: number; readonly signal: AbortSignal | undefined }
}

/**
 * Older brokers store a timer message with success and deliver it at once: that is told before it is sent. Brokers that
 * cannot be reached are passed over, since no message reaches them either, unless there are no others.
 * @throws RocketMQError UNSUPPORTED_BY_BROKER, unless the mode is to warn; CONNECT_FAILED, REQUEST_TIMEOUT, ABORTED
 */
export async function checkTimerSupport(client: ClientInstance, { info, mode, call }: TimerCheck): Promise<void> {
  // Half of the time, so that something is left to send in while a broker does not answer.
  const options = { ...call, timeoutMs: call.timeoutMs / 2 }
  const brokerNames = new Set(info.queues.map(queue => client.routes.hostOf(queue)))
  const checks = Array.from(brokerNames, brokerName => check(client, { brokerName, mode, options }))
  const results = await Promise.allSettled(checks)
  const failures = results.flatMap(result => (result.status === 'rejected' ? [asError(result.reason)] : []))
  const unsupported = failures.find(isUnsupported)
  if (unsupported !== undefined) throw unsupported
  const [first] = failures
  if (first !== undefined && (failures.length === results.length || call.signal?.aborted === true)) throw first
}

async function check(
  client: ClientInstance,
  { brokerName, mode, options }: { brokerName: string; mode: TimerCheck['mode']; options: CallOptions },
): Promise<void> {
  const address = client.routes.masterAddress(brokerName)
  if (address === undefined) return
  if ((await client.learnVersion(address, options)) >= FIRST_VERSION_WITH_TIMER) return
  const says = `broker ${brokerName} is older than 5.0 and would deliver a timer message at once: use delayTimeLevel`
  if (mode === 'reject') throw new RocketMQError('UNSUPPORTED_BY_BROKER', says, { brokerName, address, sent: 'NO' })
  client.log.warn(says)
}

function isUnsupported(error: unknown): boolean {
  return RocketMQError.is(error) && error.code === 'UNSUPPORTED_BY_BROKER'
}
