import { RESPONSE_CODES, type ResponseCode } from '../../lib/commands/response-code'
import { RocketMQError } from '../../lib/errors'
import type { MessageQueue } from '../../lib/model/message-queue'
import type { SendResult } from '../../lib/model/results'
import { OpenAttempts } from '../../lib/sending/open-attempts'
import { prepareMessage } from '../../lib/sending/prepared-message'
import { SendAttempt, type SendAttemptOptions, type SendContext } from '../../lib/sending/send-attempt'
import type { RemotingCommand } from '../../lib/wire/remoting-command'
import { UniqueIds } from '../../lib/wire/unique-id'

export const prepared = prepareMessage({ topic: 'T', body: 'b' }, { uniqueIds: new UniqueIds(), maxMessageSize: 100 })

/** A sender of three brokers that keeps requests until the test answers them. */
export class FakeContext implements SendContext {
  time = 0
  readonly open = new OpenAttempts()
  readonly chosen: (string | undefined)[] = []
  readonly requests: { address: string; timeoutMs: number }[] = []
  /** Brokers in the order in which they are chosen. */
  brokers = ['a', 'b', 'c', 'd']
  unknown = new Set<string>()

  now(): number {
    return this.time
  }

  chooseQueue(_attempt: SendAttempt, lastBroker: string | undefined): MessageQueue {
    this.chosen.push(lastBroker)
    return { topic: 'T', brokerName: this.brokers[this.chosen.length - 1] as string, queueId: this.chosen.length }
  }

  contentFor(_prepared: unknown, queue: MessageQueue) {
    return { code: queue.queueId }
  }

  masterAddress({ brokerName }: MessageQueue): string | undefined {
    return this.unknown.has(brokerName) ? undefined : `${brokerName}:1`
  }

  /** What ends the question for the route of a queue that has moved. */
  readonly found: (() => void)[] = []

  findAgain(): Promise<void> {
    return new Promise(resolve => this.found.push(resolve))
  }

  readonly tries: [brokerName: string, since: number, outcome: string][] = []

  tried({ brokerName }: MessageQueue, since: number, outcome: string): void {
    this.tries.push([brokerName, since, outcome])
  }

  request(address: string, _attempt: SendAttempt, timeoutMs: number): void {
    this.requests.push({ address, timeoutMs })
  }
}

interface Outcome {
  result?: SendResult
  error?: Error
  settled: number
}

/** An attempt that has made its first try. */
export function attemptSetup(options: Partial<SendAttemptOptions> = {}, context = new FakeContext()) {
  const outcome: Outcome = { settled: 0 }
  const attempt = new SendAttempt(context, {
    prepared,
    mode: 'SYNC',
    retries: 2,
    target: undefined,
    retryWhenNotStoreOK: false,
    timeoutMs: 3000,
    signal: undefined,
    resolve: result => (outcome.result = result),
    reject: error => (outcome.error = error),
    settled: () => outcome.settled++,
    ...options,
  })
  attempt.try()
  return { attempt, outcome, context }
}

/** A broker's answer. */
export function reply(code: number, fields: Partial<RemotingCommand> = {}): RemotingCommand {
  return {
    code,
    language: 'JAVA',
    version: 477,
    opaque: 1,
    flag: 1,
    remark: undefined,
    extFields: { msgId: 'OFFSET-ID', queueId: '3', queueOffset: '12' },
    body: Buffer.alloc(0),
    serializeType: 'JSON',
    ...fields,
  }
}

export const answer = (name: ResponseCode): RemotingCommand =>
  reply(RESPONSE_CODES[name].code, { remark: 'says the broker' })

export function failure(code: RocketMQError['code'], sent?: 'NO' | 'UNKNOWN'): RocketMQError {
  return new RocketMQError(code, `it was ${code}`, sent === undefined ? {} : { sent })
}
